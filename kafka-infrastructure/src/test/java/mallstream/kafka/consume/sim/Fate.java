package mallstream.kafka.consume.sim;

/** What a record does to the calls that it is in, so many times. */
enum Fate {
    FINE,
    /** Had its effect before. */
    ALREADY_DONE,
    /** Takes long, but less than a call may. */
    SLOW,
    REFUSED,
    /** The handler names it as failed. */
    FAILS,
    /** The handler's answer does not cover it. */
    UNANSWERED,
    /** The call fails and does not say why. */
    THROWS,
    /** Wants to be tried later. */
    LATER,
    /** Takes longer than a call may, and minds the interrupt. */
    OVERRUNS,
    /** Does not even mind the interrupt, and returns at last. */
    DEAF,
    /** Does not return until the faults are over. */
    HANGS;

    /** Whether a record with this fate may ever get to the dead-letter topic. */
    boolean mayBeBuried() {
        return this != FINE && this != ALREADY_DONE && this != SLOW;
    }
}
