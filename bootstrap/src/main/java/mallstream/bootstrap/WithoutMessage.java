package mallstream.bootstrap;

/** What was thrown and where, without messages, since those may quote a caller's data. */
final class WithoutMessage extends Exception {
    private static final long serialVersionUID = 1L;
    /** Enough for any real chain, and an end for one that bites its tail. */
    private static final int MOST_CAUSES = 10;

    /** @param failure what was thrown */
    WithoutMessage(Throwable failure) {
        this(failure, MOST_CAUSES);
    }

    private WithoutMessage(Throwable failure, int causes) {
        super(
                failure.getClass().getName(),
                failure.getCause() == null || causes == 0 ? null : new WithoutMessage(failure.getCause(), causes - 1),
                false,
                true);
        setStackTrace(failure.getStackTrace());
    }
}
