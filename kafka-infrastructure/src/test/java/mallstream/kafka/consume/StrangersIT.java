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
import java.util.stream.Collectors;
import mallstream.kafka.Broker;
import mallstream.kafka.TestKafka;
import mallstream.kafka.consume.GroupWatch.Look;
import mallstream.kafka.consume.GroupWatch.Member;
import mallstream.kafka.consume.core.Rescue.Stranger;
import mallstream.kafka.consume.core.StartAt;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What can be seen of strangers in a group, whatever protocol they use. */
class StrangersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private String topic = "";
    private ConsumerGroupId group = ConsumerGroupId.of("test", "reaction");
    private GroupWatch watch = new GroupWatch(TestKafka.BROKER, GroupWatch.prefix("mallstream", "reaction"), group);

    @BeforeEach
    void create(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName().replace('_', '-').toLowerCase(Locale.ROOT);
        group = ConsumerGroupId.of("test", topic);
        watch = new GroupWatch(TestKafka.BROKER, GroupWatch.prefix("mallstream", "reaction"), group);
        TestKafka.create(topic, 4);
    }

    private GroupMember ours() {
        return GroupMember.owned(group.value(), "mallstream:test.reaction", "mallstream.reaction.1", topic);
    }

    private ConsumerGroupDescription description() {
        return TestKafka.BROKER
                .ask(admin ->
                        admin.describeConsumerGroups(List.of(group.value())).all())
                .values()
                .iterator()
                .next();
    }

    private static Map<String, List<Integer>> partitions(Look look) {
        return look.members().stream()
                .collect(Collectors.toMap(
                        Member::clientId,
                        each -> each.partitions().stream()
                                .map(TopicPartition::partition)
                                .toList()));
    }

    @Test
    void an_unknown_group_and_an_empty_one_have_nobody() {
        assertThat(watch.look(PATIENCE).members()).isEmpty();
        TestKafka.BROKER.ask(admin -> admin.alterConsumerGroupOffsets(
                        group.value(), Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0)))
                .all());
        assertThat(watch.look(PATIENCE).members()).isEmpty();
        try (GroupMember ours = ours()) {
            GroupMember.share(List.of(ours), 4);
        }
        assertThat(watch.look(PATIENCE).members()).isEmpty();
    }

    @Test
    void a_member_of_ours_is_told_by_its_client_id_and_is_no_stranger() {
        try (GroupMember ours = ours()) {
            GroupMember.share(List.of(ours), 4);
            Look look = watch.look(PATIENCE);
            assertThat(look.members())
                    .extracting(each -> each.of(topic))
                    .containsExactly(new ConsumerControl.Member(
                            "mallstream.reaction.1", "127.0.0.1", List.of(0, 1, 2, 3), true));
            assertThat(look.members())
                    .extracting(each -> each.of("another-topic").partitions())
                    .containsExactly(List.of());
            assertThat(look.strangers()).isEmpty();
        }
    }

    @Test
    void an_instance_of_a_reaction_with_a_similar_name_is_a_stranger() {
        try (GroupMember similar = GroupMember.classic(group.value(), "mallstream.reaction-two.1", topic)) {
            GroupMember.share(List.of(similar), 4);
            assertThat(watch.look(PATIENCE).strangers())
                    .extracting(Stranger::clientId)
                    .containsExactly("mallstream.reaction-two.1");
        }
    }

    @Test
    void classic_strangers_are_named_with_host_and_partitions() {
        try (GroupMember one = GroupMember.classic(group.value(), "copy-1", topic);
                GroupMember two = GroupMember.classic(group.value(), "copy-2\nforged line", topic)) {
            GroupMember.share(List.of(one, two), 2, 2);
            List<Stranger> strangers = watch.look(PATIENCE).strangers();
            assertThat(strangers).extracting(Stranger::clientId).containsExactly("copy-1", "copy-2?forged line");
            assertThat(strangers).extracting(Stranger::host).containsOnly("127.0.0.1");
            assertThat(strangers).extracting(each -> each.partitions().size()).containsExactly(2, 2);
            assertThat(description().type()).isEqualTo(GroupType.CLASSIC);
        }
    }

    @Test
    void strangers_with_the_next_protocol_are_named_with_host_and_partitions() {
        try (GroupMember stranger = GroupMember.next(group.value(), "next", topic)) {
            GroupMember.share(List.of(stranger), 4);
            await("the broker knows what it has").atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(watch.look(PATIENCE).strangers())
                        .containsExactly(new Stranger(
                                "next", "127.0.0.1", List.of(topic + "-0", topic + "-1", topic + "-2", topic + "-3")));
            });
            assertThat(description().type()).isEqualTo(GroupType.CONSUMER);
        }
    }

    @Test
    void a_joiner_with_the_next_protocol_converts_the_group_takes_partitions_and_is_seen_beside_ours() {
        try (GroupMember ours = ours()) {
            GroupMember.share(List.of(ours), 4);
            try (GroupMember stranger = GroupMember.next(group.value(), "next", topic)) {
                GroupMember.share(List.of(ours, stranger), 2, 2);
                assertThat(description().type()).isEqualTo(GroupType.CONSUMER);
                Look look = watch.look(PATIENCE);
                assertThat(look.members())
                        .extracting(Member::clientId)
                        .containsExactly("mallstream.reaction.1", "next");
                assertThat(look.strangers()).extracting(Stranger::clientId).containsExactly("next");
                assertThat(partitions(look))
                        .allSatisfy((client, has) -> assertThat(has).hasSize(2));
                Set<Integer> all = new HashSet<>();
                partitions(look).values().forEach(all::addAll);
                assertThat(all).containsExactlyInAnyOrder(0, 1, 2, 3);
            }
            GroupMember.share(List.of(ours), 4);
            assertThat(watch.look(PATIENCE).strangers()).isEmpty();
            assertThat(description().type()).isEqualTo(GroupType.CLASSIC);
        }
    }

    @Test
    void a_stranger_with_the_next_protocol_that_was_there_first_lets_us_in_and_is_seen() {
        try (GroupMember stranger = GroupMember.next(group.value(), "next", topic)) {
            GroupMember.share(List.of(stranger), 4);
            try (GroupMember ours = ours()) {
                GroupMember.share(List.of(stranger, ours), 2, 2);
                assertThat(watch.look(PATIENCE).strangers())
                        .extracting(Stranger::clientId)
                        .containsExactly("next");
            }
        }
    }

    @Test
    void what_a_stranger_commits_carries_no_stamp_and_handling_starts_at_our_frontier() {
        TopicPartition zero = new TopicPartition(topic, 0);
        GroupOffsets offsets = new GroupOffsets(TestKafka.BROKER, group, metadata -> metadata.startsWith("m1;"));
        OffsetAndMetadata frontier = new OffsetAndMetadata(3, "m1;owner;gaps");
        try (GroupMember ours = ours()) {
            GroupMember.share(List.of(ours), 4);
            ours.take(Map.of(zero, frontier));
            assertThat(offsets.writeShadow(Map.of(zero, frontier))).succeedsWithin(PATIENCE);
            assertThat(offsets.read(PATIENCE).startAt(zero, false, true))
                    .isEqualTo(new StartAt.From(3, StartAt.Gaps.GROUP, null, false));
            assertThat(offsets.read(PATIENCE).metadata(zero, StartAt.Gaps.GROUP))
                    .isEqualTo("m1;owner;gaps");
        }
        try (GroupMember stranger = GroupMember.next(group.value(), "next", topic)) {
            GroupMember.share(List.of(stranger), 4);
            stranger.take(Map.of(zero, new OffsetAndMetadata(10)));
            assertThat(offsets.read(PATIENCE).startAt(zero, false, true))
                    .isEqualTo(new StartAt.From(3, StartAt.Gaps.SHADOW, new StartAt.Stolen(3, 10), false));
            assertThat(offsets.read(PATIENCE).metadata(zero, StartAt.Gaps.SHADOW))
                    .isEqualTo("m1;owner;gaps");
            assertThat(offsets.restore(PATIENCE))
                    .as("while the stranger is there")
                    .isFalse();
        }
        assertThat(offsets.restore(PATIENCE)).as("when it is gone").isTrue();
        assertThat(offsets.read(PATIENCE).group()).isEqualTo(Map.of(zero, frontier));
    }

    @Test
    void a_look_at_a_cluster_that_is_away_ends_with_its_patience() {
        try (Broker away = TestKafka.broker(TestKafka.NOWHERE)) {
            GroupWatch blind = new GroupWatch(away, "mallstream.reaction.", group);
            assertThatThrownBy(() -> blind.look(Duration.ofMillis(300)))
                    .isInstanceOf(TimeoutException.class)
                    .isInstanceOf(KafkaException.class);
        }
    }
}
