/** What the outside may ask of the order domain. */
@NullMarked
package mallstream.order.application.port.in;

import org.jspecify.annotations.NullMarked;
