/** Orders in PostgreSQL, schema {@code orders}. */
@NullMarked
package mallstream.order.adapter.out.persistence;

import org.jspecify.annotations.NullMarked;
