package mallstream.kafka.consume;

import java.util.regex.Pattern;
import mallstream.kafka.StartRefused;

/**
 * A consumer group of ours, {@code mallstream.<domain>.<name>}. It is derived and never typed by hand; the separator is a
 * dot and the parts hold none, so two names can never give one group.
 *
 * @param value the group id as the broker knows it
 */
public record ConsumerGroupId(String value) {
    private static final Pattern PART = Pattern.compile("[a-z][a-z0-9-]*");

    /**
     * @param domain the owning domain, for instance {@code member}
     * @param name the subscription's name, for instance {@code coupon}
     * @return the group of that subscription
     * @throws StartRefused if a part does not match {@code [a-z][a-z0-9-]*}
     */
    public static ConsumerGroupId of(String domain, String name) {
        for (String part : new String[] {domain, name}) {
            if (!PART.matcher(part).matches()) {
                throw new StartRefused("the subscription " + domain + "." + name + " must match " + PART);
            }
        }
        return new ConsumerGroupId("mallstream." + domain + "." + name);
    }

    /** Keeps where we stand out of the reach of strangers; nobody joins it in normal times. */
    public ConsumerGroupId shadow() {
        return new ConsumerGroupId(value + ".frontier");
    }

    @Override
    public String toString() {
        return value;
    }
}
