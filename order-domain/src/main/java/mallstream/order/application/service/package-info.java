/** What the order domain does when it is asked. */
@NullMarked
package mallstream.order.application.service;

import org.jspecify.annotations.NullMarked;
