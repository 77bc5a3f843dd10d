package mallstream.benchmarks;

import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Runs one trial in this JVM and prints what it gave. */
final class RunTrial {
    private static final String MEASURED = "measured ";
    private static final String STALLED = "stalled ";
    private static final int LOOK_MICROS = 2_000;
    private static final int COMMIT_MICROS = 5_000;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final Trial trial;
    private final Oracle oracle;

    private RunTrial(Trial trial) {
        this.trial = trial;
        this.oracle =
                new Oracle(trial.load().records(), trial.load().keyCount(), Boolean.getBoolean("benchmark.timed"));
    }

    /**
     * Runs it in a process of its own and waits for the result.
     *
     * @param trial what to run
     * @param options of the JVM
     * @return what it gave
     * @throws Failed if the process ends without a result
     */
    static Measured in(Trial trial, String options) throws Failed {
        try (Child child = Child.start(RunTrial.class, options + " -XX:+ExitOnOutOfMemoryError", trial.words())) {
            String line;
            try {
                line = child.line("");
                while (!line.startsWith(MEASURED) && !line.startsWith(STALLED)) {
                    line = child.line("");
                }
            } catch (IllegalStateException e) {
                // 3 is what the JVM itself ends with where -XX:+ExitOnOutOfMemoryError holds.
                Integer code = child.ended(5);
                throw new Failed(code != null && code == 3 ? "out of memory" : "ended by itself, exit code " + code);
            }
            if (line.startsWith(STALLED)) {
                throw new Failed(line);
            }
            return Measured.of(line.substring(MEASURED.length()));
        }
    }

    /**
     * @param arguments {@link Trial#words}
     * @throws Exception if it does not come to its end
     */
    public static void main(String[] arguments) throws Exception {
        Child.endWithParent();
        Trial trial = Trial.of(arguments);
        try {
            Out.line(MEASURED + "%s", new RunTrial(trial).run().word());
        } catch (Failed e) {
            Out.print(STALLED + e.what());
        }
        // Whoever is measured may have threads that go on, and what they do is of no interest any more.
        Runtime.getRuntime().halt(0);
    }

    private Measured run() throws InterruptedException, Failed {
        int records = trial.load().records();
        Received.compareWith(oracle::ended);
        Cluster cluster = new Cluster(trial.bootstrap());
        Candidate candidate = trial.candidate().make();
        Map<TopicPartition, Long> ends = cluster.ends(trial.load().topic());
        long started = System.nanoTime();
        candidate.start(trial.settings(oracle));
        await(1);
        double joining = (System.nanoTime() - started) / 1e9;
        await(trial.warmUp());
        int[] turns = oracle.turns();
        int before = oracle.ended();
        Cost start = Cost.now();
        int recordsInHeap = -1;
        long halfHeap = -1;
        if (Boolean.getBoolean("benchmark.histogram")) {
            await(records / 2);
            recordsInHeap = Histogram.instances(ConsumerRecord.class);
            halfHeap = Cost.heapNow();
        }
        int last = trial.until() == 0 ? records : trial.until();
        await(last);
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (trial.until() == 0
                && !(cluster.committedAll(trial.group(), ends) && oracle.endedAtLeast(1) == records)) {
            if (System.nanoTime() > giveUp) {
                throw new Failed("not all is committed");
            }
            Pause.micros(COMMIT_MICROS);
        }
        Cost spent = Cost.now().since(start);
        int during = oracle.ended() - before;
        int[] left = new int[turns.length];
        long[] micros = new long[turns.length];
        trial.load().forEach(event -> {
            if (event.turn() >= turns[event.key()]) {
                left[event.key()]++;
                micros[event.key()] += trial.work().micros(event.number());
            }
        });
        int hottest = 0;
        for (int key = 0; key < turns.length; key++) {
            hottest = micros[key] > micros[hottest] ? key : hottest;
        }
        return new Measured(
                during,
                spent.nanos() / 1e9,
                joining,
                spent.cpuNanos() / 1e3 / during,
                (double) spent.bytes() / during,
                Received.mostHeld(),
                oracle.overlaps(),
                oracle.inversions(),
                oracle.endedAtLeast(2),
                trial.until() == 0 ? records - oracle.endedAtLeast(1) : 0,
                p99(),
                left[hottest],
                micros[hottest],
                recordsInHeap,
                halfHeap,
                recordsInHeap < 0 ? -1 : Cost.heapNow());
    }

    /** Of the keys but the first, which is the hot one. */
    private int p99() {
        int[] waits = oracle.waits();
        if (waits.length == 0) {
            return 0;
        }
        int[] others = new int[waits.length];
        int[] count = new int[1];
        trial.load().forEach(event -> {
            if (event.key() > 0 && event.number() >= trial.warmUp()) {
                others[count[0]++] = waits[event.number()];
            }
        });
        Arrays.sort(others, 0, count[0]);
        return count[0] == 0 ? 0 : others[(int) (count[0] * 0.99)];
    }

    private void await(int records) throws InterruptedException, Failed {
        int last = -1;
        long giveUp = 0;
        for (int now = oracle.ended(); now < records; now = oracle.ended()) {
            if (now != last) {
                last = now;
                giveUp = System.nanoTime() + PATIENCE_NANOS;
            } else if (System.nanoTime() > giveUp) {
                throw new Failed("nothing goes on after " + last + " records of " + records);
            }
            Pause.micros(LOOK_MICROS);
        }
    }

    /** A run that gave no figure. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        private final String what;

        /** @param what happened, for a cell of a table */
        Failed(String what) {
            super(what);
            this.what = what;
        }

        /** What happened. */
        String what() {
            return what;
        }
    }
}
