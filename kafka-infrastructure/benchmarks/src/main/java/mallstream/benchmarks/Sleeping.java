package mallstream.benchmarks;

import java.util.concurrent.atomic.LongAdder;
import mallstream.kafka.Permitted;

/** What sleeping really takes: so many virtual threads that do nothing else, in a JVM like those that are measured. */
final class Sleeping {
    private static final String RATE = "rate ";
    private static final int WARM_UP_MICROS = 1_000_000;

    private Sleeping() {}

    /**
     * Measures in a process of its own.
     *
     * @param threads how many sleep at the same time
     * @param work how long
     * @param options of the JVM
     * @return sleeps per second
     */
    static double rate(int threads, Work work, String options) {
        try (Child child = Child.start(Sleeping.class, options, Integer.toString(threads), work.word())) {
            return Double.parseDouble(child.line(RATE));
        }
    }

    /**
     * @param arguments number of threads, {@link Work#word}
     * @throws InterruptedException if it was cut short
     */
    @Permitted(reason = "as many virtual threads as handlers there are in what is measured; they end with the process")
    public static void main(String[] arguments) throws InterruptedException {
        Child.endWithParent();
        int threads = Integer.parseInt(arguments[0]);
        Work work = Work.of(arguments[1]);
        LongAdder slept = new LongAdder();
        for (int i = 0; i < threads; i++) {
            int first = i;
            Thread.startVirtualThread(() -> sleep(first, threads, work, slept));
        }
        // Whoever sleeps long has to have begun at different moments.
        boolean uneven = work == Work.STRAGGLERS;
        Pause.micros(uneven ? 2 * WARM_UP_MICROS : WARM_UP_MICROS);
        long before = slept.sum();
        long started = System.nanoTime();
        Pause.micros(uneven ? 4_000_000 : 2_000_000);
        double rate = (slept.sum() - before) / ((System.nanoTime() - started) / 1e9);
        Out.line(RATE + "%s", rate);
        Runtime.getRuntime().halt(0);
    }

    private static void sleep(int first, int step, Work work, LongAdder slept) {
        // 101 has no divisor in common with the rhythm of the stragglers: each thread meets them.
        for (int number = first * 101; ; number += step + 1) {
            try {
                Pause.micros(work.perCall() + work.micros(number & Integer.MAX_VALUE));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            slept.increment();
        }
    }
}
