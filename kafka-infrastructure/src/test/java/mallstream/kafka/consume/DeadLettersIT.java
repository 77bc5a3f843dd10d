package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import mallstream.kafka.TestKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class DeadLettersIT {
    private static final int LARGEST = 1_048_588;
    private static final Origin FIRST = new Origin("source", 3, 41, Dead.WRITTEN, "CreateTime");

    private String group = "";

    @BeforeEach
    void create(TestInfo test) {
        group = "mallstream.test."
                + test.getTestMethod().orElseThrow().getName().replace('_', '-').toLowerCase(Locale.ROOT);
        TestKafka.create(group + ".dlt", 1, Map.of("max.message.bytes", Integer.toString(LARGEST)));
    }

    private ConsumerRecord<byte[], byte[]> only() {
        return TestKafka.read(group + ".dlt").getFirst();
    }

    private static Header header(String name, int size) {
        return new RecordHeader(name, new byte[size]);
    }

    @Test
    void a_value_of_a_megabyte_arrives_whole_and_its_large_headers_are_left_out() {
        byte[] value = new byte[1_048_000];
        Arrays.fill(value, (byte) 'v');
        new Dead(group)
                .letter(
                        Dead.record(
                                "source",
                                3,
                                41,
                                "key",
                                value,
                                header("large", 100_000),
                                header("small", 2),
                                header("larger", 300_000)),
                        "attempts-used-up");
        ConsumerRecord<byte[], byte[]> letter = only();
        assertThat(letter.value()).isEqualTo(value);
        assertThat(letter.key()).isEqualTo("key".getBytes(UTF_8));
        assertThat(DeadLetterHeaders.count(letter.headers(), DeadLetterHeaders.DROPPED))
                .isGreaterThanOrEqualTo(2);
        assertThat(Stream.of(letter.headers().toArray()).map(Header::key)).doesNotContain("large", "larger");
        assertThat(Origin.in(letter.headers())).isEqualTo(FIRST);
    }

    @Test
    void headers_are_left_out_only_as_far_as_it_takes() {
        new Dead(group)
                .letter(
                        Dead.record(
                                "source",
                                3,
                                41,
                                "key",
                                new byte[900_000],
                                header("large", 100_000),
                                header("small", 2),
                                header("larger", 300_000)),
                        "attempts-used-up");
        assertThat(Stream.of(only().headers().toArray()).map(Header::key))
                .contains("large", "small")
                .doesNotContain("larger");
        assertThat(DeadLetterHeaders.count(only().headers(), DeadLetterHeaders.DROPPED))
                .isEqualTo(1);
    }

    @Test
    void a_replay_that_dies_again_names_its_first_place_and_how_often_it_was_replayed() {
        Dead dead = new Dead(group);
        dead.letter(Dead.record("source", 3, 41, "key", new byte[1]), "attempts-used-up");
        ConsumerRecord<byte[], byte[]> replay = Dead.record(
                group + ".replay",
                0,
                7,
                "key",
                new byte[1],
                Stream.concat(
                                Stream.of(only().headers().toArray()),
                                Stream.of(new RecordHeader(DeadLetterHeaders.REPLAYS, "2".getBytes(UTF_8))))
                        .toArray(Header[]::new));
        dead.letter(replay, "too-old");
        ConsumerRecord<byte[], byte[]> again = TestKafka.read(group + ".dlt").getLast();
        assertThat(Origin.in(again.headers())).isEqualTo(FIRST);
        assertThat(DeadLetterHeaders.count(again.headers(), DeadLetterHeaders.REPLAYS))
                .isEqualTo(2);
        assertThat(DeadLetterHeaders.text(again.headers(), "kafka_dlt-exception-message"))
                .isEqualTo("too-old");
    }

    @Test
    void what_a_source_claims_of_replays_and_places_is_not_believed() {
        ConsumerRecord<byte[], byte[]> elsewhere = Dead.record("elsewhere", 1, 2, "key", new byte[1]);
        FIRST.put(elsewhere.headers());
        elsewhere.headers().add(DeadLetterHeaders.REPLAYS, "3".getBytes(UTF_8));
        new Dead(group).letter(elsewhere, "attempts-used-up");
        assertThat(Origin.in(only().headers())).isEqualTo(new Origin("elsewhere", 1, 2, Dead.WRITTEN, "CreateTime"));
        assertThat(DeadLetterHeaders.count(only().headers(), DeadLetterHeaders.REPLAYS))
                .isZero();
    }

    @Test
    void a_record_that_somebody_put_into_the_replay_topic_has_its_own_place() {
        ConsumerRecord<byte[], byte[]> byHand = Dead.record(group + ".replay", 0, 7, null, new byte[1]);
        assertThat(Origin.of(byHand, new ConsumerGroupId(group)))
                .isEqualTo(new Origin(group + ".replay", 0, 7, Dead.WRITTEN, "CreateTime"));
        FIRST.put(byHand.headers());
        assertThat(Origin.of(byHand, new ConsumerGroupId(group))).isEqualTo(FIRST);
    }
}
