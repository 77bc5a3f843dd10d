package mallstream.kafka.consume.core;

/** How a record was finished. */
public enum Ending {
    /** Handled. */
    DONE,
    /** Handled before. */
    ALREADY_DONE,
    /** Safe in the dead-letter topic. */
    DEAD_LETTER
}
