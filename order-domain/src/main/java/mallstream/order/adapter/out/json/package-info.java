/** Reads JSON for the readers of all channels, which know what is in it. */
@NullMarked
package mallstream.order.adapter.out.json;

import org.jspecify.annotations.NullMarked;
