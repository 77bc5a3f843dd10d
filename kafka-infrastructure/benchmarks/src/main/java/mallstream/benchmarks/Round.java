package mallstream.benchmarks;

/**
 * One run of one arm.
 *
 * @param measured what it gave
 * @param limit records per second that its load allowed; 0: none known
 */
record Round(Measured measured, double limit) {}
