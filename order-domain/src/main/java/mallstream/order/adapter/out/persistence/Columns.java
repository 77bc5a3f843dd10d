package mallstream.order.adapter.out.persistence;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Columns for {@code unnest}: arrays of text, which PostgreSQL casts where the column is something else. */
final class Columns {
    private Columns() {}

    static <T> @Nullable String[] of(List<T> rows, Function<T, @Nullable Object> value) {
        return rows.stream()
                .map(value)
                .map(each -> each == null ? null : each.toString())
                .toArray(String[]::new);
    }
}
