package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mallstream.kafka.TestKafka;
import mallstream.kafka.consume.ConsumerControl.DeadLetter;
import mallstream.kafka.consume.ConsumerControl.DeadLetterPage;
import mallstream.kafka.consume.ConsumerControl.DeadLetterQuery;
import mallstream.kafka.consume.ConsumerControl.InvalidRequest;
import mallstream.kafka.consume.core.KeyHash;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class DeadLetterReaderIT {
    private final DeadLetterReader reader =
            new DeadLetterReader(TestKafka.BROKER, Clock.systemUTC(), DeadLetterReader.MOST_READ);
    private String group = "";

    @BeforeEach
    void create(TestInfo test) {
        group = "mallstream.test."
                + test.getTestMethod().orElseThrow().getName().replace('_', '-').toLowerCase(Locale.ROOT);
        TestKafka.create(group + ".dlt", 3);
    }

    /** Ten letters over three partitions: even offsets of one topic and reason, odd ones of another. */
    private void ten() {
        Dead dead = new Dead(group);
        for (int i = 0; i < 10; i++) {
            String value = "{\"name\":\"Hong " + i + "\"}";
            dead.letter(
                    Dead.record(i % 2 == 0 ? "even" : "odd", i, i + 100L, "key-" + i % 5, value.getBytes(UTF_8)),
                    i % 2 == 0 ? "attempts-used-up" : "too-old");
        }
    }

    private static DeadLetterQuery query(@Nullable String after, int size) {
        return new DeadLetterQuery(null, null, null, after, size);
    }

    private DeadLetterPage page(DeadLetterQuery query) {
        return reader.page(new ConsumerGroupId(group), query);
    }

    private static List<Long> offsets(DeadLetterPage page) {
        return page.deadLetters().stream().map(DeadLetter::offset).sorted().toList();
    }

    /** Follows the cursors to the last page. */
    private List<String> ids(DeadLetterReader by, DeadLetterQuery query) {
        List<String> ids = new ArrayList<>();
        String after = null;
        do {
            DeadLetterPage page = by.page(
                    new ConsumerGroupId(group),
                    new DeadLetterQuery(query.reason(), query.topic(), query.key(), after, query.size()));
            page.deadLetters().forEach(each -> ids.add(each.id()));
            after = page.next();
        } while (after != null);
        return ids;
    }

    @Test
    void pages_go_through_all_partitions_in_order_and_show_nothing_twice() {
        ten();
        List<String> places = TestKafka.read(group + ".dlt").stream()
                .map(each -> each.partition() + "-" + each.offset())
                .toList();
        assertThat(places).hasSize(10);
        for (int size : new int[] {1, 3, 10, 500}) {
            assertThat(ids(reader, query(null, size))).isEqualTo(places);
        }
        assertThat(page(query(null, 3)).next()).isEqualTo(places.get(2));
        assertThat(page(query(places.get(6), 500)).next()).isNull();
    }

    @Test
    void a_letter_says_where_it_came_from_and_why_and_shows_no_content() {
        Instant begin = Instant.now().minusSeconds(1);
        new Dead(group)
                .letter(
                        Dead.record("source", 5, 77, "hong", "{\"name\":\"Hong\",\"age\":42}".getBytes(UTF_8)),
                        "too-old");
        DeadLetter letter = page(query(null, 10)).deadLetters().getFirst();
        assertThat(letter.at()).isAfter(begin);
        assertThat(letter)
                .isEqualTo(new DeadLetter(
                        letter.id(),
                        "source",
                        5,
                        77,
                        letter.at(),
                        "too-old",
                        "some.Failure",
                        3,
                        0,
                        KeyHash.of("hong".getBytes(UTF_8)),
                        "{\"name\":\"***\",\"age\":\"***\"}"));
    }

    @Test
    void a_letter_of_unknown_making_is_shown_as_far_as_it_goes() {
        TestKafka.send(group + ".dlt", 1, "key", "by hand");
        DeadLetter letter = page(query(null, 10)).deadLetters().getFirst();
        assertThat(letter.id()).isEqualTo("1-0");
        assertThat(letter.partition()).isEqualTo(-1);
        assertThat(letter.reason()).isEmpty();
        assertThat(letter.value()).isEqualTo("<7 bytes, not JSON>");
    }

    @Test
    void filters_by_reason_topic_and_key_hold_together() {
        ten();
        assertThat(offsets(page(new DeadLetterQuery("too-old", null, null, null, 500))))
                .containsExactly(101L, 103L, 105L, 107L, 109L);
        assertThat(offsets(page(new DeadLetterQuery(null, "even", null, null, 500))))
                .containsExactly(100L, 102L, 104L, 106L, 108L);
        assertThat(offsets(page(new DeadLetterQuery(null, null, "key-3", null, 500))))
                .containsExactly(103L, 108L);
        assertThat(offsets(page(new DeadLetterQuery("too-old", "odd", "key-3", null, 500))))
                .containsExactly(103L);
        assertThat(offsets(page(new DeadLetterQuery("too-old", "even", null, null, 500))))
                .isEmpty();
        assertThat(ids(reader, new DeadLetterQuery("too-old", null, null, null, 2)))
                .hasSize(5);
    }

    @Test
    void a_page_that_has_looked_at_enough_ends_early_and_says_where_to_go_on() {
        ten();
        DeadLetterReader lazy = new DeadLetterReader(TestKafka.BROKER, Clock.systemUTC(), 3);
        DeadLetterPage first = lazy.page(new ConsumerGroupId(group), query(null, 500));
        assertThat(first.deadLetters()).hasSize(3);
        assertThat(first.next()).isEqualTo(first.deadLetters().getLast().id());
        assertThat(ids(lazy, new DeadLetterQuery(null, null, "key-3", null, 500)))
                .isEqualTo(ids(reader, new DeadLetterQuery(null, null, "key-3", null, 500)))
                .hasSize(2);
    }

    /** Every look at it takes as long. */
    private static final class Hasty extends Clock {
        private final Duration step;
        private Instant now = Instant.EPOCH;

        Hasty(Duration step) {
            this.step = step;
        }

        @Override
        public Instant instant() {
            now = now.plus(step);
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void a_page_whose_time_is_up_ends_early_and_says_where_to_go_on() {
        ten();
        // What is not there at the first look may cost all the time there is.
        await("a part of a page")
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    DeadLetterPage page = new DeadLetterReader(TestKafka.BROKER, new Hasty(Duration.ofSeconds(2)), 1000)
                            .page(new ConsumerGroupId(group), query(null, 500));
                    assertThat(page.deadLetters()).hasSizeBetween(1, 5);
                    assertThat(page.next())
                            .isEqualTo(page.deadLetters().getLast().id());
                });
    }

    @Test
    void where_nothing_could_be_read_in_time_there_is_no_page() {
        ten();
        DeadLetterReader hasty = new DeadLetterReader(TestKafka.BROKER, new Hasty(Duration.ofSeconds(11)), 1000);
        assertThatThrownBy(() -> hasty.page(new ConsumerGroupId(group), query(null, 500)))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void what_retention_took_is_passed_over() {
        ten();
        List<String> all = ids(reader, query(null, 500));
        TestKafka.BROKER.ask(admin -> admin.deleteRecords(Map.of(
                        new TopicPartition(
                                group + ".dlt",
                                DeadLetterId.parse("id", all.getFirst()).partition()),
                        RecordsToDelete.beforeOffset(2)))
                .all());
        assertThat(ids(reader, query(null, 500))).isEqualTo(all.subList(2, 10));
        assertThat(page(query(all.getFirst(), 500)).deadLetters()).hasSize(8);
    }

    @Test
    void a_malformed_query_is_refused_and_its_field_named() {
        for (int size : new int[] {0, 501}) {
            assertThatThrownBy(() -> page(query(null, size)))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("size: is " + size + ", must be 1 to 500");
        }
        for (String after : new String[] {"", "7", "1-", "-1-2", "a-1", "1-99999999999999999999"}) {
            assertThatThrownBy(() -> page(query(after, 10)))
                    .isInstanceOfSatisfying(
                            InvalidRequest.class, e -> assertThat(e.field()).isEqualTo("after"));
        }
        assertThat(page(query("99-5", 10)).deadLetters()).isEmpty();
    }

    @Test
    void a_topic_that_is_not_there_is_no_empty_page() {
        assertThatThrownBy(() -> reader.page(new ConsumerGroupId("mallstream.test.absent"), query(null, 10)))
                .isInstanceOf(KafkaException.class)
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }
}
