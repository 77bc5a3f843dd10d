/** Everything that knows Godomall: its codes and its shape. */
@NullMarked
package mallstream.order.adapter.out.godomall;

import org.jspecify.annotations.NullMarked;
