package mallstream.order.model;

/** What a channel's code means. */
public sealed interface Meaning {
    /**
     * The line is that far.
     *
     * @param status how far
     */
    record Fulfilment(LineStatus status) implements Meaning {}

    /**
     * A claim is that far; it says nothing about fulfilment.
     *
     * @param claim the claim
     */
    record OnClaim(Claim claim) implements Meaning {}

    /**
     * The meaning of that name.
     *
     * @param name a status such as {@code SHIPPING}, or a claim such as {@code RETURN_REQUESTED}
     * @return the meaning
     * @throws InvalidValue if it is neither
     */
    static Meaning of(String name) {
        for (LineStatus status : LineStatus.all()) {
            if (status.name().equals(name)) {
                return new Fulfilment(status);
            }
        }
        try {
            return new OnClaim(Claim.of(name));
        } catch (InvalidValue neither) {
            throw new InvalidValue(
                    "means", "must be one of " + LineStatus.all() + ", or a claim such as RETURN_REQUESTED");
        }
    }

    /** As {@link #of} takes it. */
    default String text() {
        return switch (this) {
            case Fulfilment fulfilment -> fulfilment.status().name();
            case OnClaim onClaim -> onClaim.claim().toString();
        };
    }
}
