package mallstream.benchmarks.incidents;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import mallstream.benchmarks.Child;
import mallstream.benchmarks.Cost;
import mallstream.benchmarks.Event;
import mallstream.benchmarks.Out;
import mallstream.benchmarks.Work;
import org.springframework.kafka.listener.AcknowledgingMessageListener;
import org.springframework.kafka.listener.ContainerProperties.AckMode;

/** One of the two services that meet the backlog, in a JVM of its own with a small heap. */
final class RunBacklog {
    private static final String NAME = "notices";
    private static final int PRINT_MICROS = 100_000;

    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();

    private RunBacklog() {}

    /** @param arguments {@code tasks} or {@code engine}, bootstrap servers, topic, in flight, held, records */
    public static void main(String[] arguments) {
        Child.endWithParent();
        int inFlight = Integer.parseInt(arguments[3]);
        int held = Integer.parseInt(arguments[4]);
        int records = Integer.parseInt(arguments[5]);
        switch (arguments[0]) {
            case "tasks" -> new RunBacklog().tasks(arguments[1], arguments[2], inFlight, records);
            case "engine" -> new RunBacklog().engine(arguments[1], arguments[2], inFlight, held, records);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private void send(Event notice) {
        Until.work(Work.LONG.micros(notice.number()));
        finished.incrementAndGet();
    }

    private void tasks(String bootstrap, String topic, int inFlight, int records) {
        TaskPerRecord incident = new TaskPerRecord(inFlight, this::send);
        AcknowledgingMessageListener<byte[], byte[]> counted = Plain.acknowledging((message, acknowledgment) -> {
            received.incrementAndGet();
            incident.onMessage(message, acknowledgment);
        });
        try (Plain plain = new Plain(bootstrap, NAME, NAME, topic, 1, Map.of(), AckMode.MANUAL, counted)) {
            Until.holds("a partition", 60, () -> plain.partitions() > 0);
            int most = watch(records, () -> received.get() - finished.get());
            summary(most);
        }
    }

    private void engine(String bootstrap, String topic, int inFlight, int held, int records) {
        Map<String, Object> settings = Map.of("max-in-flight", inFlight, "max-held", held);
        try (Engine engine = new Engine(bootstrap, NAME, topic, 1, settings, Engine.one(this::send))) {
            Until.holds(
                    "a partition", 60, () -> !engine.quickView().partitions().isEmpty());
            watch(records, () -> engine.quickView().held());
            summary(engine.quickView().heldMost());
        }
        // What ended is measured; whatever still runs of the rest of the backlog does not matter.
        Runtime.getRuntime().halt(0);
    }

    /** Prints how it goes on: seconds, received and not finished, finished, megabytes in use. */
    private int watch(int records, IntSupplier waiting) {
        long start = System.nanoTime();
        int most = 0;
        while (finished.get() < records) {
            int now = waiting.getAsInt();
            most = Math.max(most, now);
            Out.line(
                    "watch %.1f %d %d %d",
                    (System.nanoTime() - start) / 1e9,
                    now,
                    finished.get(),
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
            Until.work(PRINT_MICROS);
        }
        Out.line("took %.1f %d", (System.nanoTime() - start) / 1e9, finished.get());
        return most;
    }

    /** Prints the most that was held, and the megabytes that live after a full collection. */
    private static void summary(int most) {
        Out.line("summary %d %d", most, Cost.heapNow() >> 20);
    }
}
