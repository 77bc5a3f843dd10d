package mallstream.kafka.consume;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mallstream.kafka.StartRefused;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;

/**
 * The settings under one prefix, read key by key, so that a refusal names key, value and range, and a key that nobody
 * read is refused. The names of subscriptions stand in the middle of the keys, so no class of
 * settings can be bound to them as it is.
 */
final class Keys {
    private final String prefix;
    private final Binder binder;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();

    /**
     * @param environment where the settings are
     * @param prefix what they start with, for instance {@code mallstream.consume}
     */
    Keys(Environment environment, String prefix) {
        this.prefix = prefix;
        this.binder = Binder.get(environment);
        binder.bind(prefix, Bindable.mapOf(String.class, String.class))
                .ifBound(found -> found.forEach(
                        (key, value) -> settings.putIfAbsent(uniform(key), new Setting(prefix + "." + key, value))));
    }

    /**
     * @param key below the prefix, for instance {@code coupon.attempts}
     * @param fallback what holds where nothing is set
     * @param least smallest number that is accepted
     * @param most largest number that is accepted
     * @return the number
     * @throws StartRefused if the value is no whole number between least and most
     */
    int number(String key, int fallback, int least, int most) {
        Integer found = read(key, Integer::valueOf, least, most, "a whole number from " + least + " to " + most);
        return found == null ? fallback : found;
    }

    /**
     * @param key below the prefix
     * @param fallback what holds where nothing is set
     * @param least shortest duration that is accepted
     * @param most longest duration that is accepted
     * @return the duration, written as {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d} or in ISO 8601
     * @throws StartRefused if the value is no duration between least and most
     */
    Duration duration(String key, Duration fallback, Duration least, Duration most) {
        Duration found = read(
                key,
                DurationStyle::detectAndParse,
                least,
                most,
                "a duration from " + words(least) + " to " + words(most));
        return found == null ? fallback : found;
    }

    /**
     * @param <T> the choices
     * @param key below the prefix, for instance {@code coupon.ordering}
     * @param fallback what holds where nothing is set
     * @return the choice, written in lower case
     * @throws StartRefused if the value is none of the choices
     */
    <T extends Enum<T>> T choice(String key, T fallback) {
        T[] choices = fallback.getDeclaringClass().getEnumConstants();
        Setting setting = find(key);
        if (setting == null) {
            return fallback;
        }
        for (T each : choices) {
            if (each.name().equalsIgnoreCase(setting.value.strip())) {
                return each;
            }
        }
        throw new StartRefused(setting.key + "=" + setting.value + " must be one of "
                + Arrays.stream(choices)
                        .map(each -> each.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")));
    }

    /**
     * @param key below the prefix
     * @return the values, separated by commas or numbered; empty where nothing is set
     */
    List<String> list(String key) {
        known.add(uniform(key));
        settings.keySet().stream()
                .filter(each -> each.matches(Pattern.quote(uniform(key)) + "\\d+"))
                .forEach(known::add);
        return binder.bind(prefix + "." + key, Bindable.listOf(String.class)).orElse(List.of()).stream()
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .toList();
    }

    /**
     * @param hint what exists, for the message
     * @throws StartRefused if a key is set that nobody read
     */
    void refuseUnknown(String hint) {
        settings.forEach((key, setting) -> {
            if (!known.contains(key)) {
                throw new StartRefused(setting.key + "=" + setting.value + " is unknown; " + hint);
            }
        });
    }

    private <T extends Comparable<T>> @Nullable T read(
            String key, Function<String, T> parser, T least, T most, String range) {
        Setting setting = find(key);
        if (setting == null) {
            return null;
        }
        try {
            T value = parser.apply(setting.value.strip());
            if (value.compareTo(least) >= 0 && value.compareTo(most) <= 0) {
                return value;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // It is refused below, with the range in place of the parser's words.
        }
        throw new StartRefused(setting.key + "=" + setting.value + " must be " + range);
    }

    private @Nullable Setting find(String key) {
        known.add(uniform(key));
        return settings.get(uniform(key));
    }

    private static String words(Duration duration) {
        if (duration.toMillisPart() != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        return seconds > 0 && seconds % 86_400 == 0 ? duration.toDays() + "d" : seconds + "s";
    }

    /** Variables of the environment know neither dashes nor case, and people write {@code MAX_SIZE}. */
    private static String uniform(String key) {
        return key.replaceAll("[-._\\[\\]]", "").toLowerCase(Locale.ROOT);
    }

    private record Setting(String key, String value) {}
}
