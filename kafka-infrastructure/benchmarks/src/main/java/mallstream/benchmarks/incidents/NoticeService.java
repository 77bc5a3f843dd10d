package mallstream.benchmarks.incidents;

import java.util.concurrent.atomic.AtomicIntegerArray;
import mallstream.benchmarks.Child;
import mallstream.kafka.Permitted;

/** A running {@link RunNotices}, and what it has sent so far. */
final class NoticeService {
    private static final int READY_SECONDS = 90;

    private final Child child;
    private final AtomicIntegerArray sent;
    private final Thread reader;
    private volatile boolean ready;
    private volatile long lastHeard = System.nanoTime();

    /**
     * Starts it and waits until it has its partitions.
     *
     * @param sent counts by number of the notice; shared by the services that follow each other
     * @param arguments of {@link RunNotices}
     */
    NoticeService(AtomicIntegerArray sent, String... arguments) {
        this.sent = sent;
        this.child = Child.start(RunNotices.class, "-Xmx128m -XX:+UseSerialGC", arguments);
        this.reader = reading();
        Until.holds("partitions", READY_SECONDS, () -> ready);
    }

    @Permitted(
            reason = "the main thread sends while the service prints; one daemon thread, which ends with the process")
    private Thread reading() {
        return Thread.ofPlatform().daemon().start(() -> child.lines(this::hear));
    }

    private void hear(String line) {
        lastHeard = System.nanoTime();
        if (line.startsWith(RunNotices.SENT)) {
            sent.incrementAndGet(Integer.parseInt(line.substring(RunNotices.SENT.length())));
        } else if (line.equals(RunNotices.READY)) {
            ready = true;
        }
    }

    /** Whether it has sent nothing for a number of seconds. */
    boolean quietFor(int seconds) {
        return System.nanoTime() - lastHeard > seconds * 1_000_000_000L;
    }

    /** Ends it as a deployment does. */
    void end() {
        child.close();
        readToTheEnd();
    }

    /** Kills it with SIGKILL. */
    void kill() {
        child.kill();
        readToTheEnd();
    }

    private void readToTheEnd() {
        Until.holds("the end of its output", READY_SECONDS, () -> !reader.isAlive());
    }
}
