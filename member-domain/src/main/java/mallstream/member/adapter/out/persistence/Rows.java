package mallstream.member.adapter.out.persistence;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Many rows as arrays, one per column, for {@code unnest}. The statement sorts them, so that two batches that meet the
 * same keys lock them in the same order and wait for each other instead of dying in a deadlock: sorted here they would
 * come out of a join in whatever order its plan likes.
 *
 * @param <R> what becomes a row
 */
final class Rows<R> {
    private final List<R> rows;

    private Rows(List<R> rows) {
        this.rows = rows;
    }

    static <R> Rows<R> of(Collection<R> rows) {
        return new Rows<>(List.copyOf(rows));
    }

    /** As text, which PostgreSQL casts. */
    String[] uuids(Function<R, UUID> column) {
        return texts(row -> column.apply(row).toString());
    }

    String[] texts(Function<R, String> column) {
        return rows.stream().map(column).toArray(String[]::new);
    }

    Integer[] integers(Function<R, Integer> column) {
        return rows.stream().map(column).toArray(Integer[]::new);
    }

    Long[] longs(Function<R, Long> column) {
        return rows.stream().map(column).toArray(Long[]::new);
    }

    @Nullable
    Long[] longsOrNull(Function<R, @Nullable Long> column) {
        return rows.stream().map(column).toArray(Long[]::new);
    }

    /** As text, which PostgreSQL casts. */
    @Nullable
    String[] uuidsOrNull(Function<R, @Nullable UUID> column) {
        return rows.stream()
                .map(row -> {
                    @Nullable UUID value = column.apply(row);
                    return value == null ? null : value.toString();
                })
                .toArray(String[]::new);
    }

    /** As text, which PostgreSQL casts: its driver takes no array of times. */
    String[] times(Function<R, Instant> column) {
        return texts(row -> column.apply(row).toString());
    }
}
