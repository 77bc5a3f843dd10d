/** What the order domain asks of the outside, in its own words. */
@NullMarked
package mallstream.order.application.port.out;

import org.jspecify.annotations.NullMarked;
