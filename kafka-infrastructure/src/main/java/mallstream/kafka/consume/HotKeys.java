package mallstream.kafka.consume;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import mallstream.kafka.consume.core.HeavyHitters;
import org.jspecify.annotations.Nullable;

/**
 * That the keys of a subscription may be shown to operators, and what can be done about one that most records have. Only for
 * keys that say nothing of a person: they become tags of metrics.
 *
 * @param what a key is, in a word, for instance {@code mall}
 * @param shows whether a key is one: anybody may write anything into a topic, and what is no such key is not shown
 * @param remedy what an operator can do where the records of this key wait for each other, in words; null: nothing more
 */
public record HotKeys(String what, Predicate<String> shows, Function<String, @Nullable String> remedy) {
    /** Whether a key may be shown. The poll thread asks, which must not end because of a mistake in this. */
    boolean shows(String key) {
        try {
            return shows.test(key);
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** What is said of a key whose records wait for each other; null: nothing can be done. */
    @Nullable
    String suggestion(String key, HeavyHitters.Row<?> row) {
        String words;
        try {
            words = remedy.apply(key);
        } catch (RuntimeException e) {
            return null;
        }
        return words == null
                ? null
                : String.format(
                        Locale.ROOT,
                        "this %s has %.0f %% of the records, and they wait %.1f s for each other where others wait %.1f s; %s",
                        what,
                        100 * row.share(),
                        row.waitMean(),
                        row.othersWaitMean(),
                        words);
    }
}
