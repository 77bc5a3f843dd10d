package mallstream.kafka.consume.core;

/** A bound on records per second, with at most one second's worth at once. */
final class Rate {
    private static final double SECOND = 1e9;

    private final int perSecond;
    private double available;
    private long filledAt;

    Rate(int perSecond, long now) {
        this.perSecond = perSecond;
        this.filledAt = now;
    }

    int permits(long now) {
        available = Math.min(perSecond, available + (now - filledAt) / SECOND * perSecond);
        filledAt = now;
        return (int) available;
    }

    void take(int records) {
        available -= records;
    }

    /** When the next record may begin. */
    long next(long now) {
        return now + (long) Math.ceil(Math.max(0, 1 - available) / perSecond * SECOND);
    }
}
