package mallstream.kafka.consume;

/** The infrastructure behind a handler failed: the subscription waits, and no event pays an attempt for it. */
public final class InfrastructureUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param cause what the domain reported */
    public InfrastructureUnavailable(RuntimeException cause) {
        super(cause.getMessage(), cause);
    }
}
