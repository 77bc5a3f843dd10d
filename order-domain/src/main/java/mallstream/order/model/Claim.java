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
        REFUND,
        /** Naver: that the purchase counts as confirmed by itself is held back; done once that is released. */
        HOLDBACK
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

    /**
     * The claim of that name.
     *
     * @param name as {@link #toString}
     * @return the claim
     * @throws InvalidValue if there is none
     */
    public static Claim of(String name) {
        int end = name.indexOf('_');
        try {
            return new Claim(Kind.valueOf(name.substring(0, Math.max(0, end))), Stage.valueOf(name.substring(end + 1)));
        } catch (IllegalArgumentException none) {
            throw new InvalidValue("claim", "must be a kind and a stage such as RETURN_REQUESTED");
        }
    }

    /** As outsiders see it, for instance {@code RETURN_REQUESTED}. */
    @Override
    public String toString() {
        return kind + "_" + stage;
    }
}
