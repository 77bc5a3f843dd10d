package mallstream.order.model;

/**
 * What the buyer asked for after ordering, and how far that is: the claim axis. It stands beside the status ("paid,
 * cancel requested" exists).
 *
 * @param kind what was asked for
 * @param stage how far it is
 */
public record Claim(Kind kind, Stage stage) {
    /** What can be asked for. */
    public enum Kind {
        CANCEL,
        RETURN,
        EXCHANGE,
        REFUND
    }

    /** How far a claim can be. */
    public enum Stage {
        REQUESTED,
        COLLECTING,
        COLLECTED,
        HELD,
        RESENDING,
        IN_PROGRESS,
        WAITING,
        DONE,
        REJECTED
    }

    /** As outsiders see it, for instance {@code RETURN_REQUESTED}. */
    @Override
    public String toString() {
        return kind + "_" + stage;
    }
}
