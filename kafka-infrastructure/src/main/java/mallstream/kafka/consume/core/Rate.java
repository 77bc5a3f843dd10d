package mallstream.kafka.consume.core;

/** A bound on records per second, with at most one second's worth at once. */
public final class Rate {
    private static final double SECOND = 1e9;

    private final int perSecond;
    private double available;
    private long filledAt;

    /**
     * @param perSecond records per second, 1 or more
     * @param now the time in nanoseconds, from any fixed point
     */
    public Rate(int perSecond, long now) {
        this.perSecond = perSecond;
        this.filledAt = now;
    }

    /**
     * @param now the time in nanoseconds
     * @return how many records may go now
     */
    public int permits(long now) {
        available = Math.min(perSecond, available + (now - filledAt) / SECOND * perSecond);
        filledAt = now;
        return (int) available;
    }

    /** @param records how many have gone, as many as were permitted at the most */
    public void take(int records) {
        available -= records;
    }

    /** When the next record may begin. */
    long next(long now) {
        return now + (long) Math.ceil(Math.max(0, 1 - available) / perSecond * SECOND);
    }
}
