package standin.gateway;

/** How the answer to a call of messages is lost. */
public enum Loss {
    /** The messages are taken; the connection is closed without an answer. */
    TAKEN_CLOSED,
    /** The messages are taken; no answer comes, and the connection stays open. */
    TAKEN_SILENT,
    /** The messages are taken; the answer is HTTP 500. */
    TAKEN_500,
    /** Nothing is taken; the connection is closed without an answer. */
    UNTAKEN_CLOSED,
    /** Nothing is taken; the answer is HTTP 500. */
    UNTAKEN_500;

    boolean taken() {
        return this == TAKEN_CLOSED || this == TAKEN_SILENT || this == TAKEN_500;
    }
}
