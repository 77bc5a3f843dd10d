package mallstream.kafka;

/** A setting or the make-up of the jar is wrong: the application must not start. The message is one line and says the remedy. */
public final class StartRefused extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** @param message one line: what is wrong, where, and what would be right */
    public StartRefused(String message) {
        super(message);
    }
}
