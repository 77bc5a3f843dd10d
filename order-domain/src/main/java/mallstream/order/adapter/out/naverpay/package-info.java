/** Everything that knows Naver Pay: its interface, which is pulled, its codes and its shape. */
@NullMarked
package mallstream.order.adapter.out.naverpay;

import org.jspecify.annotations.NullMarked;
