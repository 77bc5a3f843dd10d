package mallstream.benchmarks.incidents;

import java.util.Map;
import java.util.function.Consumer;
import mallstream.benchmarks.Child;
import mallstream.benchmarks.Event;
import mallstream.benchmarks.Out;
import mallstream.benchmarks.Work;
import org.springframework.kafka.listener.ContainerProperties.AckMode;

/** One of the services that send notices, in a process of its own. What the world has got is what it has printed. */
final class RunNotices {
    /** Printed when it has its partitions. */
    static final String READY = "ready";

    /** Printed before the number of a notice, when it is sent. */
    static final String SENT = "sent ";

    private static final int JOIN_SECONDS = 60;
    private static final int BUFFER = 1_000;
    private static final int IN_FLIGHT = 64;

    /** A member that is gone without a word is given up after 6 s instead of 45, to wait less here. */
    private static final String SESSION = "session.timeout.ms";

    private static final int SESSION_MILLIS = 6_000;

    private RunNotices() {}

    /** @param arguments {@code buffer}, {@code tasks} or {@code engine}, bootstrap servers, topic, name of the service, work */
    public static void main(String[] arguments) {
        String bootstrap = arguments[1];
        String topic = arguments[2];
        String name = arguments[3];
        Work work = Work.of(arguments[4]);
        Consumer<Event> send = notice -> send(work, notice);
        switch (arguments[0]) {
            case "buffer" -> {
                BufferAndAcknowledgeLast buffer = new BufferAndAcknowledgeLast(BUFFER, send);
                plain(bootstrap, topic, name, Plain.acknowledging(buffer::onMessage));
            }
            case "tasks" -> {
                TaskPerRecord tasks = new TaskPerRecord(IN_FLIGHT, send);
                plain(bootstrap, topic, name, Plain.acknowledging(tasks::onMessage));
            }
            case "engine" -> engine(bootstrap, topic, name, send);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void send(Work work, Event notice) {
        Until.work(work.micros(notice.number()));
        Out.print(SENT + notice.number());
    }

    private static void plain(String bootstrap, String topic, String name, Object listener) {
        Map<String, Object> more = Map.of(SESSION, SESSION_MILLIS);
        try (Plain plain = new Plain(bootstrap, name, name, topic, 1, more, AckMode.MANUAL, listener)) {
            Until.holds("a partition", JOIN_SECONDS, () -> plain.partitions() > 0);
            Out.print(READY);
            Child.awaitEnd();
        }
    }

    private static void engine(String bootstrap, String topic, String name, Consumer<Event> send) {
        Map<String, Object> settings =
                Map.of("max-in-flight", IN_FLIGHT, "spring.kafka.consumer.properties." + SESSION, SESSION_MILLIS);
        try (Engine engine = new Engine(bootstrap, name, topic, 1, settings, Engine.one(send))) {
            Until.holds(
                    "a partition",
                    JOIN_SECONDS,
                    () -> !engine.quickView().partitions().isEmpty());
            Out.print(READY);
            Child.awaitEnd();
        }
    }
}
