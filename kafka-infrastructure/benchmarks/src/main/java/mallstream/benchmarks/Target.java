package mallstream.benchmarks;

/**
 * A target and what came of it.
 *
 * @param what is to be reached
 * @param measured what was
 * @param met whether it is enough
 */
record Target(String what, String measured, boolean met) {
    /**
     * A target that is a ratio.
     *
     * @param what is to be reached
     * @param measured what was
     * @param against what it is divided by
     * @param least the least quotient that is enough
     */
    static Target atLeast(String what, double measured, double against, double least) {
        double ratio = measured / against;
        return new Target(what, Out.text("%.2f (%,.0f to %,.0f)", ratio, measured, against), ratio >= least);
    }

    /**
     * A target that is an upper bound.
     *
     * @param what is to be reached
     * @param measured what was
     * @param most the most that is enough
     */
    static Target atMost(String what, double measured, double most) {
        return new Target(
                what, Out.text(measured < 100 && measured % 1 != 0 ? "%.2f" : "%,.0f", measured), measured <= most);
    }
}
