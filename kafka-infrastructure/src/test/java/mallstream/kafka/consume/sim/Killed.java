package mallstream.kafka.consume.sim;

/** The process of a member has died while its poll thread was waiting; it unwinds that thread. */
final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Killed() {
        super(null, null, false, false);
    }
}
