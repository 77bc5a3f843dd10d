package mallstream.order.model;

/**
 * The infrastructure failed and not the event: database, broker or gateway could not be reached. Adapters translate
 * connection failures, timeouts and the SQL states 08, 53, 57 and 40 into it. Whoever sees it waits and tries again; it
 * costs no attempt.
 */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param what the part that failed, without personal data, for instance {@code database}
     * @param cause what the part's client threw
     */
    public Unavailable(String what, Throwable cause) {
        super(what + " is unavailable", cause);
    }
}
