package mallstream.order.model;

/**
 * Money in whole Korean won, which have no fraction.
 *
 * @param value 0 to 1,000,000,000,000
 */
public record Won(long value) {
    private static final long MOST = 1_000_000_000_000L;

    /** @throws InvalidValue if the value is out of its range */
    public Won {
        if (value < 0 || value > MOST) {
            throw new InvalidValue("won", "must be 0 to " + MOST);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
