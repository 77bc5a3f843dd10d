/** Everything that knows Shopby: its codes and its shape. */
@NullMarked
package mallstream.order.adapter.out.shopby;

import org.jspecify.annotations.NullMarked;
