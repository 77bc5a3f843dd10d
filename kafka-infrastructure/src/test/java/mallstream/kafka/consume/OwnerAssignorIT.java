package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import mallstream.kafka.TestKafka;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What the broker does for a group whose only assignor is named after its owner. */
class OwnerAssignorIT {
    private static final String OWNER = "mallstream:test.reaction";

    private String topic = "";
    private String group = "";

    @BeforeEach
    void create(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName().replace('_', '-').toLowerCase(Locale.ROOT);
        group = "mallstream.test." + topic;
        TestKafka.create(topic, 4);
    }

    private GroupMember ours(String instance) {
        return GroupMember.owned(group, OWNER, "mallstream.reaction." + instance, topic);
    }

    private Map<TopicPartition, OffsetAndMetadata> everything() {
        return Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(100));
    }

    @Test
    void two_of_one_owner_share_the_partitions() {
        try (GroupMember one = ours("1");
                GroupMember two = ours("2")) {
            GroupMember.share(List.of(one, two), 2, 2);
            Set<TopicPartition> all = new HashSet<>(one.consumer.assignment());
            all.addAll(two.consumer.assignment());
            assertThat(all).isEqualTo(GroupMember.partitions(topic, 4));
        }
    }

    @Test
    void a_service_with_a_copied_group_id_is_refused_and_ours_notice_nothing() {
        try (GroupMember ours = ours("1");
                GroupMember copy = GroupMember.classic(group, "copy", topic)) {
            GroupMember.share(List.of(ours), 4);
            int generation = ours.consumer.groupMetadata().generationId();
            assertThatThrownBy(copy::join).isInstanceOf(InconsistentGroupProtocolException.class);
            GroupMember.share(List.of(ours), 4);
            assertThat(ours.consumer.groupMetadata().generationId()).isEqualTo(generation);
        }
    }

    @Test
    void another_reaction_of_ours_with_the_same_group_is_refused() {
        try (GroupMember ours = ours("1");
                GroupMember other = GroupMember.owned(group, "mallstream:test.other", "mallstream.other.1", topic)) {
            GroupMember.share(List.of(ours), 4);
            assertThatThrownBy(other::join).isInstanceOf(InconsistentGroupProtocolException.class);
            GroupMember.share(List.of(ours), 4);
        }
    }

    @Test
    void a_stranger_that_was_there_first_keeps_us_out() {
        try (GroupMember copy = GroupMember.classic(group, "copy", topic);
                GroupMember ours = ours("1")) {
            GroupMember.share(List.of(copy), 4);
            assertThatThrownBy(ours::join).isInstanceOf(InconsistentGroupProtocolException.class);
        }
    }

    @Test
    void nobody_commits_from_outside_while_a_member_is_there() {
        try (GroupMember ours = ours("1");
                GroupMember outside = GroupMember.outside(group, "outside")) {
            GroupMember.share(List.of(ours), 4);
            assertThatThrownBy(() -> TestKafka.BROKER.ask(admin ->
                            admin.alterConsumerGroupOffsets(group, everything()).all()))
                    .isInstanceOf(UnknownMemberIdException.class)
                    .matches(GroupOffsets::isTaken);
            outside.consumer.assign(everything().keySet());
            assertThatThrownBy(() -> outside.consumer.commitSync(everything()))
                    .isInstanceOf(CommitFailedException.class);
            assertThat(TestKafka.committed(group)).isEmpty();
        }
    }

    /** The hole in the wall that only the stamp closes. */
    @Test
    void a_transaction_commits_from_outside_all_the_same() {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", TestKafka.bootstrap(), "transactional.id", topic + "-stranger");
        try (GroupMember ours = ours("1");
                GroupMember outside = GroupMember.outside(group, "outside");
                KafkaProducer<byte[], byte[]> stranger =
                        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            GroupMember.share(List.of(ours), 4);
            stranger.initTransactions();
            stranger.beginTransaction();
            stranger.sendOffsetsToTransaction(everything(), outside.consumer.groupMetadata());
            stranger.commitTransaction();
            await("the end of the transaction")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> TestKafka.committed(group).equals(Map.of(0, 100L)));
        }
    }
}
