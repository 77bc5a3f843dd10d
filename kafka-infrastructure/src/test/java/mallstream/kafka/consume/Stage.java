package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import mallstream.kafka.TestKafka;
import mallstream.kafka.consume.Subscription.StartPosition;
import mallstream.kafka.consume.core.Progress;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.TestInfo;

/** Where one test plays: a topic of its own, and the group that reads it. */
final class Stage {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final String topic;
    private int sent;

    private Stage(String topic) {
        this.topic = topic;
    }

    /** A stage whose topic is named after the test and does not exist yet. */
    static Stage named(TestInfo test) {
        String method = test.getTestMethod().orElseThrow().getName();
        String round = test.getDisplayName().startsWith(method) ? "" : "-" + test.getDisplayName();
        return new Stage((method + round)
                .replaceAll("[^A-Za-z0-9]+", "-")
                .replaceAll("-$", "")
                .toLowerCase(Locale.ROOT));
    }

    Stage partitions(int count) {
        TestKafka.create(topic, count);
        return this;
    }

    /** Sends the next records, {@code <key>:<number>}, by turns to all partitions. */
    void send(int count, int partitions, IntFunction<String> key) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(count);
        for (int i = sent; i < sent + count; i++) {
            records.add(record(i % partitions, key.apply(i), i));
        }
        sent += count;
        TestKafka.send(records);
    }

    /** As {@link #send(int, int, IntFunction)}, each record with a key of its own. */
    void send(int count, int partitions) {
        send(count, partitions, i -> "key-" + i);
    }

    ProducerRecord<byte[], byte[]> record(int partition, String key, int number) {
        return new ProducerRecord<>(topic, partition, key.getBytes(UTF_8), (key + ":" + number).getBytes(UTF_8));
    }

    Subscription<String> subscription(Handler<String> handler) {
        return Consumers.subscription(topic, StartPosition.RETAINED, handler);
    }

    /** Starts an instance; each setting is one of the subscription, without its name. */
    Consumers start(Handler<String> handler, String... settings) {
        return start(Consumers.Like.USUAL, handler, settings);
    }

    Consumers start(Consumers.Like like, Handler<String> handler, String... settings) {
        return start(like, subscription(handler), settings);
    }

    Consumers start(Consumers.Like like, Subscription<String> subscription, String... settings) {
        String[] named = new String[settings.length];
        for (int i = 0; i < settings.length; i++) {
            named[i] = topic + "." + settings[i];
        }
        return Consumers.start(like, subscription, named);
    }

    /** Waits until everything in the topic is committed. */
    void awaitCommitted() {
        Map<Integer, Long> ends = TestKafka.ends(topic);
        await("all committed")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(TestKafka.committed(group())).containsAllEntriesOf(ends));
    }

    /** What is committed now, with the gaps that the metadata tells of. */
    Map<Integer, Progress> progress() {
        String owner = "test:test." + topic;
        Map<Integer, Progress> found = new HashMap<>();
        TestKafka.BROKER
                .ask(admin -> admin.listConsumerGroupOffsets(group()).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null && partition.topic().equals(topic)) {
                        found.put(partition.partition(), progress(offset, owner));
                    }
                });
        return found;
    }

    private static Progress progress(OffsetAndMetadata offset, String owner) {
        return Progress.parse(offset.offset(), offset.metadata(), owner);
    }

    String group() {
        return Consumers.group(topic);
    }

    List<String> deadLetters() {
        return TestKafka.values(Consumers.deadLetters(topic));
    }
}
