package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.junit.jupiter.api.Test;

class ShadowCommitsTest {
    private static final TopicPartition ZERO = new TopicPartition("topic", 0);
    private static final TopicPartition ONE = new TopicPartition("topic", 1);

    private final List<Map<TopicPartition, OffsetAndMetadata>> writes = new ArrayList<>();
    private final List<CompletableFuture<Void>> answers = new ArrayList<>();
    private final ShadowCommits shadow = new ShadowCommits(
            offsets -> {
                writes.add(offsets);
                CompletableFuture<Void> answer = new CompletableFuture<>();
                answers.add(answer);
                return answer;
            },
            Duration.ofHours(1),
            Duration.ofSeconds(1));

    private static OffsetAndMetadata offset(long offset) {
        return new OffsetAndMetadata(offset, "metadata-" + offset);
    }

    private static long at(Duration time) {
        return time.toNanos();
    }

    @Test
    void one_write_is_under_way_and_the_newest_of_each_partition_waits() {
        shadow.put(Map.of(ZERO, offset(1), ONE, offset(1)));
        shadow.turn(0);
        shadow.put(Map.of(ZERO, offset(2)));
        shadow.turn(0);
        shadow.put(Map.of(ZERO, offset(3)));
        shadow.turn(0);
        assertThat(writes).containsExactly(Map.of(ZERO, offset(1), ONE, offset(1)));

        answers.getFirst().complete(null);
        shadow.turn(0);
        assertThat(writes.getLast()).isEqualTo(Map.of(ZERO, offset(3)));
        assertThat(writes).hasSize(2);
    }

    @Test
    void nothing_is_written_where_nothing_waits() {
        shadow.turn(0);
        assertThat(writes).isEmpty();
    }

    @Test
    void what_failed_is_written_again_after_a_while_unless_there_is_something_newer() {
        shadow.put(Map.of(ZERO, offset(1), ONE, offset(1)));
        shadow.turn(0);
        shadow.put(Map.of(ZERO, offset(2)));
        answers.getFirst().completeExceptionally(new UnknownMemberIdException("the shadow has members"));
        shadow.turn(at(Duration.ofSeconds(5)));
        shadow.turn(at(Duration.ofMillis(5_900)));
        assertThat(writes).hasSize(1);

        shadow.turn(at(Duration.ofSeconds(6)));
        assertThat(writes.getLast()).isEqualTo(Map.of(ZERO, offset(2), ONE, offset(1)));
    }

    @Test
    void what_has_not_changed_is_renewed_before_the_broker_forgets_it() {
        shadow.put(Map.of(ZERO, offset(1), ONE, offset(1)));
        shadow.turn(0);
        answers.getLast().complete(null);
        shadow.turn(0);
        shadow.put(Map.of(ONE, offset(2)));
        shadow.turn(at(Duration.ofMinutes(30)));
        answers.getLast().complete(null);
        shadow.turn(at(Duration.ofMinutes(30)));
        shadow.turn(at(Duration.ofMinutes(59)));
        assertThat(writes).hasSize(2);

        shadow.turn(at(Duration.ofMinutes(60)));
        assertThat(writes).hasSize(3);
        assertThat(writes.getLast()).isEqualTo(Map.of(ZERO, offset(1)));
    }

    @Test
    void a_partition_that_is_released_is_written_a_last_time_at_once() {
        shadow.put(Map.of(ZERO, offset(1), ONE, offset(1)));
        shadow.turn(0);
        shadow.put(Map.of(ZERO, offset(2), ONE, offset(2)));
        shadow.release(List.of(ZERO));
        assertThat(writes.getLast()).isEqualTo(Map.of(ZERO, offset(2)));

        answers.getFirst().completeExceptionally(new UnknownMemberIdException("late"));
        shadow.turn(0);
        shadow.turn(at(Duration.ofSeconds(2)));
        assertThat(writes.getLast()).isEqualTo(Map.of(ONE, offset(2)));
        assertThat(writes).hasSize(3);
    }

    @Test
    void a_partition_that_is_gone_is_neither_written_nor_renewed() {
        shadow.put(Map.of(ZERO, offset(1)));
        shadow.turn(0);
        answers.getLast().complete(null);
        shadow.turn(0);
        shadow.put(Map.of(ZERO, offset(2)));
        shadow.drop(List.of(ZERO));
        shadow.turn(at(Duration.ofHours(2)));
        assertThat(writes).hasSize(1);
    }
}
