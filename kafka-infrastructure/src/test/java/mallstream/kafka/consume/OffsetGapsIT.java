package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mallstream.kafka.TestKafka;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lesson 6: offsets without records, of which a topic may have many, neither stall nor miscount what is committed. */
@SuppressWarnings("try") // An instance runs as long as its block.
class OffsetGapsIT {
    @SuppressWarnings("FutureReturnValueIgnored") // The end of the transaction says whether they arrived.
    @ParameterizedTest
    @CsvSource({
        "read_committed, classic, 200",
        "read_uncommitted, classic, 300",
        "read_committed, consumer, 200",
    })
    void transaction_markers_do_not_hold_the_commit_below_the_end(
            String isolation, String protocol, int seen, TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        try (KafkaProducer<byte[], byte[]> producer = transactional(stage.topic)) {
            int number = 0;
            for (int transaction = 0; transaction < 30; transaction++) {
                producer.beginTransaction();
                for (int i = 0; i < 10; i++) {
                    producer.send(stage.record(number % 2, "key-" + number, number++));
                }
                // The last one is aborted, so that the topic ends with what nobody gets to see.
                if (transaction % 3 == 2) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        Book book = new Book();
        Consumers.Like like = Consumers.Like.USUAL.consumer(Map.of("isolation.level", isolation));
        try (Consumers consumers =
                stage.start(like, book, "batch.max-size=1", "max-in-flight=50", "group-protocol=" + protocol)) {
            stage.awaitCommitted();
            assertThat(book.done).hasSize(seen).doesNotHaveDuplicates();
            assertNoLag(consumers, 2);
        }
    }

    private static void assertNoLag(Consumers consumers, int partitions) {
        await("lag 0")
                .atMost(Stage.PATIENCE)
                .untilAsserted(() -> assertThat(consumers.registry.find("mallstream.consume.lag").gauges().stream()
                                .filter(each -> !String.valueOf(each.getId().getTag("partition"))
                                        .startsWith("replay-")))
                        .hasSize(partitions)
                        .allMatch(each -> each.value() == 0));
    }

    private static KafkaProducer<byte[], byte[]> transactional(String id) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", TestKafka.bootstrap());
        settings.put("transactional.id", id);
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    @Test
    void holes_of_compaction_do_not_hold_the_commit_below_the_end(TestInfo test) {
        Stage stage = Stage.named(test);
        TestKafka.create(
                stage.topic,
                1,
                Map.of(
                        "cleanup.policy",
                        "compact",
                        "segment.ms",
                        "1000",
                        "min.cleanable.dirty.ratio",
                        "0.01",
                        "min.compaction.lag.ms",
                        "0"));
        long begin = System.currentTimeMillis() - 1_000_000;
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ProducerRecord<byte[], byte[]> each = stage.record(0, "key-" + (i < 250 ? i % 7 : i), i);
            // Each ten get a segment of their own, by their time stamps.
            records.add(new ProducerRecord<>(
                    each.topic(), each.partition(), begin + i / 10 * 2_000L, each.key(), each.value()));
        }
        records.forEach(each -> TestKafka.send(List.of(each)));
        await("compaction")
                .atMost(Stage.PATIENCE)
                .until(() -> TestKafka.read(stage.topic).size() < 100);
        int left = TestKafka.read(stage.topic).size();
        Book book = new Book();
        try (Consumers consumers = stage.start(book, "batch.max-size=1", "max-in-flight=50")) {
            stage.awaitCommitted();
            assertThat(TestKafka.committed(stage.group())).containsEntry(0, 300L);
            assertThat(book.allDone()).hasSizeLessThanOrEqualTo(left).contains("key-299:299");
            assertNoLag(consumers, 1);
        }
    }
}
