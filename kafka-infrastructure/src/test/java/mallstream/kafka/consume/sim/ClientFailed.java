package mallstream.kafka.consume.sim;

/** The client of a member can't go on; the poll loop ends. */
final class ClientFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClientFailed() {
        super(null, null, false, false);
    }
}
