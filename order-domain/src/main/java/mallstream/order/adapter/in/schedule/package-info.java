/** What the order domain does by the clock. */
@NullMarked
package mallstream.order.adapter.in.schedule;

import org.jspecify.annotations.NullMarked;
