package mallstream.kafka.consume;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names a dead letter by its place in the dead-letter topic, written {@code <partition>-<offset>}; in the order of reading.
 *
 * @param partition 0 or more
 * @param offset 0 or more
 */
record DeadLetterId(int partition, long offset) implements Comparable<DeadLetterId> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})-(\\d{1,18})");
    private static final Comparator<DeadLetterId> ORDER =
            Comparator.comparingInt(DeadLetterId::partition).thenComparingLong(DeadLetterId::offset);

    /**
     * @param field what is named where it is malformed
     * @param text for instance {@code 3-1024}
     * @return what it says
     * @throws ConsumerControl.InvalidRequest if it is no such id
     */
    static DeadLetterId parse(String field, @Nullable String text) {
        Matcher parts = FORM.matcher(text == null ? "" : text);
        if (!parts.matches()) {
            throw new ConsumerControl.InvalidRequest(field, "must be <partition>-<offset>, for instance 3-1024");
        }
        return new DeadLetterId(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)));
    }

    @Override
    public int compareTo(DeadLetterId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return partition + "-" + offset;
    }
}
