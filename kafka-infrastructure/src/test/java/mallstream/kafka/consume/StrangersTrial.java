package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import mallstream.kafka.Broker;
import mallstream.kafka.TestKafka;
import mallstream.kafka.consume.Consumers.Recorder;
import mallstream.kafka.consume.Subscription.StartPosition;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;

/**
 * Strangers of three kinds, with the intervals of production; for people, since it needs kcat and some minutes:
 *
 * <pre>
 *   ./mvnw -q test-compile dependency:build-classpath -pl kafka-infrastructure -am \
 *       -Dmdep.outputFile=/tmp/classpath -Dmdep.includeScope=test
 *   java -cp kafka-infrastructure/target/test-classes:kafka-infrastructure/target/classes:$(cat /tmp/classpath) \
 *       mallstream.kafka.consume.StrangersTrial
 * </pre>
 */
@SuppressWarnings("try") // An instance runs as long as its block.
final class StrangersTrial {
    private static final int EVENTS = 1_000;

    private final Recorder handler = new Recorder(event -> new Result.Done());
    private final String topic;
    private int sent;
    private long sentAt;

    private StrangersTrial(String topic) {
        this.topic = topic;
        TestKafka.create(topic, 8);
    }

    /** @param args none */
    public static void main(String[] args) throws Exception {
        new StrangersTrial("kcat-after").kcatAfter();
        new StrangersTrial("kcat-before").kcatBefore();
        new StrangersTrial("next-after").nextAfter();
        System.exit(0);
    }

    private void kcatAfter() throws Exception {
        try (Consumers ours = start()) {
            ours.serving(topic, 8);
            Process kcat = kcat();
            send();
            handled("kcat refused");
            Awaitility.await("two watches that find nobody")
                    .during(Duration.ofSeconds(25))
                    .atMost(Duration.ofSeconds(26))
                    .until(() -> foreign(ours) == 0);
            say("ours say %s, foreign members %s".formatted(ours.running(topic).words(), foreign(ours)));
            say("kcat %s and took %d".formatted(kcat.isAlive() ? "tries again and again" : "gave up", taken()));
            kcat.destroy();
        }
    }

    private void kcatBefore() throws Exception {
        Process kcat = kcat();
        send();
        await("kcat has all", () -> taken() >= EVENTS && committed() == EVENTS);
        long started = System.nanoTime();
        try (Consumers ours = start()) {
            named(ours, started);
            handled("which includes the start of ours, kcat still there");
            kcat.destroy();
            kcat.waitFor();
            returned(ours);
        }
    }

    private void nextAfter() {
        try (Consumers ours = start()) {
            ours.serving(topic, 8);
            long came = System.nanoTime();
            try (CopiedService stranger = CopiedService.next(Consumers.group(topic), "copied-service", topic)) {
                await("it has partitions", () -> stranger.partitions > 0);
                say("it has %d partitions after %s s".formatted(stranger.partitions, since(came)));
                send();
                named(ours, came);
                handled("the stranger still there");
                say("it took %d".formatted(stranger.taken.get()));
            }
            returned(ours);
        }
    }

    private void named(Consumers ours, long from) {
        await("named", () -> foreign(ours) == 1 && ours.words(topic).contains("copied-service"));
        say("metric and health name it after %s s".formatted(since(from)));
        await("moved", () -> ours.running(topic).words().state().equals("rescued"));
        say("ours are in the shadow after %s s: %s".formatted(since(from), ours.words(topic)));
    }

    private void handled(String when) {
        await("all handled", () -> Set.copyOf(handler.done).size() == sent);
        say("%d of %d handled %s s after they were sent, %s; %d twice"
                .formatted(sent, sent, since(sentAt), when, handler.done.size() - sent));
    }

    private void returned(Consumers ours) {
        long left = System.nanoTime();
        send();
        handled("the stranger just gone");
        await("back", () -> ours.running(topic).words().state().matches("up|idle") && committed() == sent);
        say("ours are back in their group and have committed all of it %s s after the stranger left"
                .formatted(since(left)));
        send();
        handled("back in the group");
    }

    private Consumers start() {
        return Consumers.start(Consumers.subscription(topic, StartPosition.RETAINED, handler));
    }

    private File output() {
        return new File(System.getProperty("java.io.tmpdir"), topic + ".kcat");
    }

    private Process kcat() throws IOException {
        return new ProcessBuilder(List.of(
                        "kcat",
                        "-b",
                        TestKafka.bootstrap(),
                        "-X",
                        "client.id=copied-service",
                        "-X",
                        "auto.offset.reset=earliest",
                        "-X",
                        "auto.commit.interval.ms=100",
                        "-u",
                        "-G",
                        Consumers.group(topic),
                        topic))
                .redirectOutput(output())
                .redirectError(new File(output() + ".err"))
                .start();
    }

    private long taken() throws IOException {
        try (var lines = java.nio.file.Files.lines(output().toPath())) {
            return lines.count();
        }
    }

    private long committed() {
        return TestKafka.committed(Consumers.group(topic)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private void send() {
        IntStream.range(sent, sent + EVENTS)
                .mapToObj(i -> TestKafka.BROKER.send(new ProducerRecord<>(
                        topic, i % 8, ("key-" + i).getBytes(UTF_8), ("event-" + i).getBytes(UTF_8))))
                .toList()
                .forEach(Broker::confirm);
        sent += EVENTS;
        sentAt = System.nanoTime();
    }

    private static double foreign(Consumers ours) {
        return ours.registry.get("mallstream.consume.foreign.members").gauge().value();
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what).atMost(Duration.ofMinutes(3)).until(condition);
    }

    private static String since(long nanos) {
        return "%.1f".formatted((System.nanoTime() - nanos) / 1e9);
    }

    private void say(String words) {
        System.out.println("TRIAL " + topic + ": " + words);
    }
}
