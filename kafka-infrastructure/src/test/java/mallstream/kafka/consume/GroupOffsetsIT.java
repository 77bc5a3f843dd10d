package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import mallstream.kafka.Broker;
import mallstream.kafka.TestKafka;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class GroupOffsetsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private String topic = "";
    private ConsumerGroupId group = ConsumerGroupId.of("test", "none");
    private GroupOffsets offsets = of(TestKafka.BROKER, group);
    private TopicPartition zero = new TopicPartition("none", 0);
    private TopicPartition one = new TopicPartition("none", 1);

    private static GroupOffsets of(Broker broker, ConsumerGroupId group) {
        return new GroupOffsets(broker, group, metadata -> metadata.startsWith("m1;"));
    }

    @BeforeEach
    void create(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName().replace('_', '-').toLowerCase(Locale.ROOT);
        group = ConsumerGroupId.of("test", topic);
        offsets = of(TestKafka.BROKER, group);
        zero = new TopicPartition(topic, 0);
        one = new TopicPartition(topic, 1);
        TestKafka.create(topic, 3);
    }

    private static OffsetAndMetadata ours(long offset) {
        return new OffsetAndMetadata(offset, "m1;owner;gaps" + offset);
    }

    @Test
    void groups_that_do_not_exist_have_nothing() {
        GroupOffsets.Committed committed = offsets.read(PATIENCE);
        assertThat(committed.group()).isEmpty();
        assertThat(committed.shadow()).isEmpty();
    }

    @Test
    void the_group_and_its_shadow_are_written_and_read_with_metadata() {
        assertThat(offsets.setGroup(Map.of(zero, ours(1)))).isTrue();
        assertThat(offsets.setShadow(Map.of(zero, ours(2)))).isTrue();
        assertThat(offsets.writeShadow(Map.of(one, ours(3)))).succeedsWithin(PATIENCE);
        assertThat(offsets.readLater()).succeedsWithin(PATIENCE).satisfies(committed -> {
            assertThat(committed.group()).isEqualTo(Map.of(zero, ours(1)));
            assertThat(committed.shadow()).isEqualTo(Map.of(zero, ours(2), one, ours(3)));
        });
    }

    @Test
    void a_shadow_with_members_takes_no_write_from_outside_and_says_so() {
        try (GroupMember rescued = GroupMember.owned(group.shadow().value(), "owner", "mallstream.reaction.1", topic)) {
            GroupMember.share(List.of(rescued), 3);
            assertThat(offsets.writeShadow(Map.of(zero, ours(1))))
                    .failsWithin(PATIENCE)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(UnknownMemberIdException.class)
                    .matches(thrown -> GroupOffsets.isTaken(thrown.getCause()));
            assertThat(offsets.setShadow(Map.of(zero, ours(1)))).isFalse();
        }
    }

    @Test
    void the_group_gets_back_what_the_shadow_has_unless_it_has_more_of_ours() {
        TopicPartition two = new TopicPartition(topic, 2);
        offsets.setGroup(Map.of(zero, new OffsetAndMetadata(90), one, ours(50), two, ours(10)));
        offsets.setShadow(Map.of(zero, ours(40), one, ours(40), two, ours(40)));
        assertThat(offsets.restore(PATIENCE)).isTrue();
        assertThat(offsets.read(PATIENCE).group()).isEqualTo(Map.of(zero, ours(40), one, ours(50), two, ours(40)));
    }

    @Test
    void a_group_with_members_gets_nothing_back_and_the_caller_is_told() {
        offsets.setShadow(Map.of(zero, ours(40)));
        try (GroupMember stranger = GroupMember.classic(group.value(), "copy", topic)) {
            GroupMember.share(List.of(stranger), 3);
            assertThat(offsets.restore(PATIENCE)).isFalse();
        }
    }

    @Test
    void a_write_to_a_cluster_that_is_away_does_not_hold_its_caller() {
        try (Broker away = TestKafka.broker(TestKafka.NOWHERE)) {
            assertThat(of(away, group).writeShadow(Map.of(zero, ours(1))))
                    .isNotDone()
                    .failsWithin(Broker.PATIENCE.plusSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(KafkaException.class);
        }
    }
}
