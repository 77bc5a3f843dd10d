package mallstream.conformance;

import java.util.Locale;

/** How the members of a group agree on who has which partition: Kafka's {@code group.protocol}. */
public enum Protocol {
    /** By the members. */
    CLASSIC,
    /** By the broker, KIP-848. */
    CONSUMER;

    /** As Kafka writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
