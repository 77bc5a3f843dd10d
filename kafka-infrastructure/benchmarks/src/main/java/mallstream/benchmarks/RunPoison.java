package mallstream.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Runs a candidate in this JVM whose handler fails for some keys, and prints how many others it handled in each window. */
final class RunPoison {
    /** Keys that fail, where some do. */
    static final int FAILING = 5;

    private static final String WINDOWS = "windows ";
    private static final int LOOK_MICROS = 2_000;
    /** Handled before the first window begins. */
    private static final int WARM_UP = 20_000;

    private RunPoison() {}

    /**
     * Runs it in a process of its own.
     *
     * @param trial what to run
     * @param millis length of a window
     * @param windows how many
     * @param failing keys that fail, 0 or {@link #FAILING}
     * @param options of the JVM
     * @return healthy records per second in each window
     */
    static List<Integer> in(Trial trial, int millis, int windows, int failing, String options) {
        String[] words = trial.words();
        String[] all = Arrays.copyOf(words, words.length + 3);
        all[words.length] = Integer.toString(millis);
        all[words.length + 1] = Integer.toString(windows);
        all[words.length + 2] = Integer.toString(failing);
        // Those who fail say so, and each failure would be a line.
        try (Child child = Child.start(RunPoison.class, options + " -Dbenchmark.log=OFF", all)) {
            return Arrays.stream(child.line(WINDOWS).split(" ", -1))
                    .map(Integer::valueOf)
                    .toList();
        }
    }

    /**
     * @param arguments {@link Trial#words}, and what {@link #in} was given
     * @throws InterruptedException if it was cut short
     */
    public static void main(String[] arguments) throws InterruptedException {
        Child.endWithParent();
        Trial trial = Trial.of(arguments);
        int[] given = IntStream.range(arguments.length - 3, arguments.length)
                .map(i -> Integer.parseInt(arguments[i]))
                .toArray();
        int every = given[2] == 0 ? Integer.MAX_VALUE : trial.load().keyCount() / given[2];
        Oracle oracle = new Oracle(trial.load().records(), trial.load().keyCount(), false);
        Working healthy = new Working(oracle, trial.work());
        Job job = new Job() {
            @Override
            public void work(byte[] value) {
                if (Event.key(value) % every == every / 2) {
                    throw new IllegalStateException("this key fails");
                }
                healthy.work(value);
            }

            @Override
            public void work(List<byte[]> values) {
                throw new UnsupportedOperationException("one by one only");
            }
        };
        trial.candidate().make().start(trial.settings(job));
        while (oracle.ended() < WARM_UP) {
            Pause.micros(LOOK_MICROS);
        }
        int[] rates = new int[given[1]];
        for (int i = 0; i < rates.length; i++) {
            int before = oracle.ended();
            long started = System.nanoTime();
            Pause.micros(given[0] * 1_000L);
            rates[i] = (int) ((oracle.ended() - before) / ((System.nanoTime() - started) / 1e9));
        }
        Out.line(WINDOWS + "%s", IntStream.of(rates).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
        Runtime.getRuntime().halt(0);
    }
}
