/** The order domain over HTTP. */
@NullMarked
package mallstream.order.adapter.in.web;

import org.jspecify.annotations.NullMarked;
