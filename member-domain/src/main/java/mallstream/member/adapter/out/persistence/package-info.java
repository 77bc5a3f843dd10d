/** The member domain in PostgreSQL, schema {@code member}. */
@NullMarked
package mallstream.member.adapter.out.persistence;

import org.jspecify.annotations.NullMarked;
