/** What an order, a line and a change are, and which change may follow which. */
@NullMarked
package mallstream.order.model;

import org.jspecify.annotations.NullMarked;
