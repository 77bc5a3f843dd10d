package mallstream.kafka.consume.core;

/**
 * Why a record goes to the dead-letter topic.
 *
 * @param reason a code without personal data, such as {@code malformed-json}
 * @param className the class that stands for the failure
 */
public record Doom(String reason, String className) {
    /** The record answered TryLater for longer than it may. */
    static final Doom TOO_OLD = new Doom("too-old", Outcome.TryLater.class.getName());
    /** The handler's answer did not cover the record. */
    static final Doom NO_RESULT = new Doom("no-result", Outcome.Failed.class.getName());

    /**
     * @param thrown what a call of this record alone threw
     * @return the reason for it; never the message, which may repeat the record
     */
    public static Doom thrown(Throwable thrown) {
        return new Doom("attempts-used-up", thrown.getClass().getName());
    }
}
