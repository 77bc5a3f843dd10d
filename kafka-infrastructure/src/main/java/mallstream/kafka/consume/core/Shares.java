package mallstream.kafka.consume.core;

/**
 * How a bound is shared so that nobody starves: half of it is split into a part of its own for each party, the other half
 * is a pool for whoever comes first. One party that is stuck with all it could get leaves the others their parts.
 *
 * @param parties who shares, 1 or more
 * @param own the part of each party that nobody else gets
 * @param pool what is first come, first served
 * @param step the most that may come at once; no more than a part, where parts are that large
 */
public record Shares(int parties, long own, long pool, long step) {
    /**
     * @param bound what is shared, 1 or more
     * @param parties who shares, 1 or more
     * @param largestStep the step is no larger than this, 1 or more
     * @return how it is shared
     */
    public static Shares of(long bound, int parties, long largestStep) {
        long own = bound / (2L * parties);
        return new Shares(parties, own, bound - own * parties, Math.max(1, Math.min(largestStep, own)));
    }

    /** What a party has beyond its own part. */
    long overdrawn(long has) {
        return Math.max(0, has - own);
    }

    /**
     * Whether a party may take a step.
     *
     * @param has what it has
     * @param overdrawn what all parties together have beyond their own parts
     */
    boolean allows(long has, long overdrawn) {
        return has + step <= own || overdrawn + step <= pool;
    }
}
