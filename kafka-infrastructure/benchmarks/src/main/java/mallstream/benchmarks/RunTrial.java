package mallstream.benchmarks;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Runs one trial in this JVM and prints what it gave. */
final class RunTrial {
    private static final String MEASURED = "measured ";
    private static final int SAMPLE_MICROS = 10_000;
    private static final int COMMIT_MICROS = 2_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final Trial trial;
    private final Oracle oracle;
    private int samples;
    private int mostSeen;

    private RunTrial(Trial trial) {
        this.trial = trial;
        this.oracle = new Oracle(trial.load().records(), trial.load().keyCount());
    }

    /**
     * Runs it in a process of its own and waits for the result.
     *
     * @param trial what to run
     * @param options of the JVM
     * @return what it gave
     * @throws IllegalStateException if the process ends without a result
     */
    static Measured in(Trial trial, String options) {
        try (Child child = Child.start(RunTrial.class, options, trial.words())) {
            return Measured.of(child.line(MEASURED));
        }
    }

    /**
     * @param arguments {@link Trial#words}
     * @throws Exception if it does not come to its end
     */
    public static void main(String[] arguments) throws Exception {
        Child.endWithParent();
        Trial trial = Trial.of(arguments);
        Out.line(MEASURED + "%s", new RunTrial(trial).run().word());
    }

    private Measured run() throws InterruptedException {
        int records = trial.load().records();
        try (Cluster cluster = new Cluster(trial.bootstrap());
                Candidate candidate = trial.candidate().make()) {
            Map<TopicPartition, Long> ends = cluster.ends(trial.load().topic());
            long started = System.nanoTime();
            candidate.start(trial.settings(oracle));
            sampleUntil(candidate, 1);
            double joining = (System.nanoTime() - started) / 1e9;
            sampleUntil(candidate, trial.warmUp());
            int before = oracle.done();
            Cost start = Cost.now();
            int recordsInHeap = -1;
            long halfHeap = -1;
            if (Boolean.getBoolean("benchmark.histogram")) {
                sampleUntil(candidate, records / 2);
                recordsInHeap = Histogram.instances(ConsumerRecord.class);
                halfHeap = Cost.heapNow();
            }
            sampleUntil(candidate, records);
            long giveUp = System.nanoTime() + PATIENCE_NANOS;
            while (!cluster.committedAll(trial.group(), ends)) {
                refuseAfter(giveUp, "not all is committed");
                Pause.micros(COMMIT_MICROS);
            }
            Cost spent = Cost.now().since(start);
            sample(candidate);
            int during = records - before;
            return new Measured(
                    during,
                    spent.nanos() / 1e9,
                    joining,
                    spent.cpuNanos() / 1e3 / during,
                    (double) spent.bytes() / during,
                    candidate.figures().mostHeld(),
                    mostSeen,
                    samples,
                    oracle.violations(),
                    oracle.again(),
                    recordsInHeap,
                    halfHeap,
                    Cost.heapNow());
        }
    }

    private void sampleUntil(Candidate candidate, int records) throws InterruptedException {
        int last = -1;
        long giveUp = 0;
        while (oracle.done() < records) {
            if (oracle.done() != last) {
                last = oracle.done();
                giveUp = System.nanoTime() + PATIENCE_NANOS;
            }
            refuseAfter(giveUp, "nothing goes on after " + last + " records of " + records);
            sample(candidate);
            Pause.micros(SAMPLE_MICROS);
        }
    }

    private void sample(Candidate candidate) {
        samples++;
        mostSeen = Math.max(mostSeen, candidate.figures().held());
    }

    private static void refuseAfter(long nanos, String what) {
        if (System.nanoTime() > nanos) {
            throw new IllegalStateException(what + " within " + PATIENCE_NANOS / 1_000_000_000L + " s");
        }
    }
}
