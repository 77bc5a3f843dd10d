package mallstream.notification;

import java.time.Duration;

/** Says of a setting that is out of range: its key, its value and the range. */
final class Ranges {
    private Ranges() {}

    static void check(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s is %d, must be %d to %d".formatted(key, value, least, most));
        }
    }

    static void check(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("%s is %d ms, must be %d to %d ms"
                    .formatted(key, value.toMillis(), least.toMillis(), most.toMillis()));
        }
    }
}
