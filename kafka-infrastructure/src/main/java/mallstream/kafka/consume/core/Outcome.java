package mallstream.kafka.consume.core;

/** What became of one record of a call. */
public sealed interface Outcome {
    /** It had its effect now. */
    record Done() implements Outcome {}

    /** It had its effect before. */
    record AlreadyDone() implements Outcome {}

    /**
     * It goes to the dead-letter topic at once.
     *
     * @param doom why
     */
    record Refused(Doom doom) implements Outcome {}

    /**
     * It waits, free of charge, up to a configured age.
     *
     * @param nanos how long to wait at least
     */
    record TryLater(long nanos) implements Outcome {}

    /**
     * It failed, and the call says that it was this one: it costs an attempt.
     *
     * @param doom what is said where that was the last attempt
     */
    record Failed(Doom doom) implements Outcome {}

    /**
     * The answer ended before it, and at another record: nothing is known of this one. It comes again free of charge, in
     * half of the company, so that whoever is behind somebody else's failure each time does not pay for it.
     */
    record Unreached() implements Outcome {}
}
