package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mallstream.kafka.TestKafka;
import mallstream.kafka.consume.Consumers.Like;
import mallstream.kafka.consume.Consumers.Recorder;
import mallstream.kafka.consume.Subscription.StartPosition;
import mallstream.kafka.consume.core.Progress;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The identity guard, end to end: services with a copied group id on a real broker. */
@SuppressWarnings("try") // An instance runs as long as its block.
class GuardIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Watching SHORT = new Watching(Duration.ofMillis(500), Duration.ofSeconds(2));
    private static final Like US = Like.USUAL.watching(SHORT);

    private final Recorder handler = new Recorder(event -> new Result.Done());
    private String topic = "";
    private String group = "";
    private int sent;

    @BeforeEach
    void create(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName().replace('_', '-').toLowerCase(Locale.ROOT);
        group = Consumers.group(topic);
        TestKafka.create(topic, 4);
    }

    private void send(int count) {
        var confirmations = IntStream.range(sent, sent + count)
                .mapToObj(i -> TestKafka.BROKER.send(new ProducerRecord<>(
                        topic, i % 4, ("key-" + i).getBytes(UTF_8), ("event-" + i).getBytes(UTF_8))))
                .toList();
        confirmations.forEach(mallstream.kafka.Broker::confirm);
        sent += count;
    }

    private Consumers start(Like as, String... settings) {
        return Consumers.start(as, Consumers.subscription(topic, StartPosition.RETAINED, handler), settings);
    }

    private void awaitAllHandled() {
        await("everything is handled by ours")
                .atMost(LIMIT)
                .until(() -> Set.copyOf(handler.done).size() == sent);
    }

    private void awaitRescued(Consumers consumers, String stranger) {
        await("it is named").atMost(LIMIT).untilAsserted(() -> {
            RunningSubscription.Words words = consumers.running(topic).words();
            assertThat(words.state()).isEqualTo("rescued");
            assertThat(words.reason()).contains("in the group " + group + " is ", stranger + " on 127.0.0.1 for ");
        });
        assertThat(foreign(consumers)).isEqualTo(1);
    }

    private void awaitReturned(Consumers consumers) {
        // A group that changes its protocol is no group of either kind for a moment.
        await("ours are back")
                .atMost(LIMIT)
                .ignoreException(GroupIdNotFoundException.class)
                .untilAsserted(() -> {
                    assertThat(members(group)).isNotEmpty().allMatch(each -> each.startsWith("test." + topic + "."));
                    assertThat(consumers.running(topic).words().state()).isIn("up", "idle");
                });
        assertThat(foreign(consumers)).isZero();
    }

    private static double foreign(Consumers consumers) {
        return consumers
                .registry
                .get("mallstream.consume.foreign.members")
                .gauge()
                .value();
    }

    private static double stolen(Consumers consumers) {
        return consumers
                .registry
                .get("mallstream.consume.stolen.records")
                .counter()
                .count();
    }

    private static Set<String> members(String group) {
        return describe(group).map(MemberDescription::clientId).collect(Collectors.toSet());
    }

    private static Stream<MemberDescription> describe(String group) {
        return TestKafka.BROKER
                .ask(admin -> admin.describeConsumerGroups(List.of(group)).all())
                .values()
                .iterator()
                .next()
                .members()
                .stream();
    }

    private Map<TopicPartition, OffsetAndMetadata> commits(String of) {
        return TestKafka.BROKER.ask(admin -> admin.listConsumerGroupOffsets(of).partitionsToOffsetAndMetadata());
    }

    private void awaitCommitted(String of, long each) {
        await(each + " is committed by " + of)
                .atMost(LIMIT)
                .until(() -> TestKafka.committed(of).equals(Map.of(0, each, 1, each, 2, each, 3, each)));
    }

    private void awaitStamped(String of) {
        await("our stamp in " + of)
                .atMost(LIMIT)
                .until(() -> TestKafka.committed(of).size() == 4
                        && commits(of).values().stream()
                                .allMatch(each -> Progress.stamped(each.metadata(), "test:test." + topic)));
    }

    private void set(String of, long each) {
        TestKafka.BROKER.ask(admin -> admin.alterConsumerGroupOffsets(
                        of,
                        GroupMember.partitions(topic, 4).stream()
                                .collect(Collectors.toMap(it -> it, it -> new OffsetAndMetadata(each))))
                .all());
    }

    private void awaitTakes(CopiedService stranger, int partitions) {
        await("the stranger has partitions").atMost(LIMIT).until(() -> stranger.partitions == partitions);
    }

    private void awaitTaken(CopiedService stranger, int records) {
        await("the stranger has taken all").atMost(LIMIT).until(() -> stranger.taken.get() >= records);
    }

    @Test
    void a_copied_service_that_comes_after_ours_is_refused_and_ours_notice_nothing() {
        try (Consumers consumers = start(US)) {
            consumers.serving(topic, 4);
            List<String> before =
                    describe(group).map(MemberDescription::consumerId).toList();
            try (CopiedService copy = CopiedService.classic(group, "copy", topic)) {
                await("it is refused").atMost(LIMIT).until(() -> copy.refused != null);
                assertThat(copy.refused).isInstanceOf(InconsistentGroupProtocolException.class);
                send(1_000);
                awaitAllHandled();
                assertThat(copy.taken).hasValue(0);
            }
            awaitCommitted(group, 250);
            assertThat(handler.done).doesNotHaveDuplicates();
            assertThat(describe(group).map(MemberDescription::consumerId)).isEqualTo(before);
            assertThat(consumers.running(topic).words().state()).isIn("up", "idle");
            assertThat(foreign(consumers)).isZero();
        }
    }

    @Test
    void a_stranger_that_was_there_before_our_first_start_takes_nothing_from_us() {
        try (CopiedService copy = CopiedService.classic(group, "copy", topic)) {
            awaitTakes(copy, 4);
            send(1_000);
            awaitTaken(copy, 1_000);
            awaitCommitted(group, 250);
            try (Consumers consumers = start(US)) {
                awaitAllHandled();
                awaitRescued(consumers, "copy");
                assertThat(consumers.words(topic)).contains(topic + "-0, " + topic + "-1");
                assertThat(stolen(consumers)).isEqualTo(1_000);
                send(100);
                awaitAllHandled();
                awaitTaken(copy, 1_100);
                copy.leave();
                awaitReturned(consumers);
                send(100);
                awaitAllHandled();
                awaitCommitted(group, 300);
                awaitStamped(group);
                assertThat(handler.done).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void a_stranger_that_takes_over_while_ours_are_down_takes_nothing_from_us() {
        send(400);
        try (Consumers first = start(US)) {
            awaitAllHandled();
            awaitCommitted(group, 100);
        }
        try (CopiedService copy = CopiedService.classic(group, "copy", topic)) {
            awaitTakes(copy, 4);
            send(1_000);
            awaitTaken(copy, 1_000);
            awaitCommitted(group, 350);
            try (Consumers consumers = start(US)) {
                awaitAllHandled();
                awaitRescued(consumers, "copy");
                assertThat(consumers.words(topic)).contains("others have committed " + topic + "-0 from 100 to 350");
                assertThat(stolen(consumers)).isEqualTo(1_000);
                copy.leave();
                awaitReturned(consumers);
                send(100);
                awaitAllHandled();
                awaitCommitted(group, 375);
                assertThat(handler.done).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void what_a_stranger_took_and_left_while_ours_were_down_is_handled() {
        strangerTakesAndLeaves();
    }

    @Test
    void the_client_of_the_next_protocol_starts_there_too() {
        strangerTakesAndLeaves(topic + ".group-protocol=consumer");
    }

    private void strangerTakesAndLeaves(String... settings) {
        send(400);
        try (Consumers first = start(US, settings)) {
            awaitAllHandled();
            awaitCommitted(group, 100);
        }
        try (CopiedService copy = CopiedService.classic(group, "copy", topic)) {
            send(400);
            awaitTaken(copy, 400);
        }
        awaitCommitted(group, 200);
        try (Consumers consumers = start(US, settings)) {
            awaitAllHandled();
            assertThat(stolen(consumers)).isEqualTo(400);
            assertThat(consumers.running(topic).words().state()).isIn("up", "idle");
            assertThat(handler.done).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_stranger_with_the_next_protocol_takes_partitions_and_no_events() {
        try (Consumers consumers = start(US)) {
            strangerComesTakesAndLeaves(consumers);
        }
    }

    @Test
    void where_the_broker_has_no_wall_the_rescue_is_the_same() {
        try (Consumers consumers = start(US, topic + ".group-protocol=consumer")) {
            strangerComesTakesAndLeaves(consumers);
        }
    }

    private void strangerComesTakesAndLeaves(Consumers consumers) {
        consumers.serving(topic, 4);
        send(100);
        awaitAllHandled();
        try (CopiedService stranger = CopiedService.next(group, "next", topic)) {
            await("it has partitions").atMost(LIMIT).until(() -> stranger.partitions > 0);
            send(1_000);
            awaitAllHandled();
            awaitRescued(consumers, "next");
            awaitTakes(stranger, 4);
            send(1_000);
            awaitAllHandled();
            awaitCommitted(group, 525);
            awaitCommitted(group + ".frontier", 525);
        }
        awaitReturned(consumers);
        send(100);
        awaitAllHandled();
        awaitCommitted(group, 550);
    }

    @Test
    void classic_strangers_get_into_a_group_without_the_wall_and_take_no_events() {
        try (Consumers consumers = start(US, topic + ".group-protocol=consumer")) {
            consumers.serving(topic, 4);
            try (CopiedService stranger = CopiedService.classic(group, "copy", topic)) {
                await("it has partitions").atMost(LIMIT).until(() -> stranger.partitions > 0);
                send(1_000);
                awaitAllHandled();
                awaitRescued(consumers, "copy");
            }
            awaitReturned(consumers);
            send(100);
            awaitAllHandled();
        }
    }

    @Test
    void instances_that_notice_at_different_times_lose_nothing() {
        Like byHand = Like.USUAL.watching(new Watching(Duration.ofHours(1), Duration.ofSeconds(1)));
        try (Consumers early = start(byHand);
                Consumers late = start(byHand)) {
            early.serving(topic, 2);
            late.serving(topic, 2);
            send(400);
            awaitAllHandled();
            try (CopiedService stranger = CopiedService.next(group, "next", topic)) {
                await("it has partitions").atMost(LIMIT).until(() -> stranger.partitions > 0);
                send(400);
                awaitLooked(early, "rescued");
                send(400);
                awaitAllHandled();
                early.serving(topic, 4);
                awaitLooked(late, "rescued");
                send(400);
                awaitAllHandled();
                early.serving(topic, 2);
                late.serving(topic, 2);
            }
            awaitLooked(early, "up|idle");
            send(400);
            awaitAllHandled();
            early.serving(topic, 4);
            awaitLooked(late, "up|idle");
            send(400);
            awaitAllHandled();
            early.serving(topic, 2);
            late.serving(topic, 2);
            awaitCommitted(group, 600);
            awaitCommitted(group + ".frontier", 600);
        }
    }

    private void awaitLooked(Consumers consumers, String states) {
        RunningSubscription<?> running = consumers.running(topic);
        await(states + " after a look").atMost(LIMIT).until(() -> {
            running.watch();
            return running.words().state().matches(states);
        });
    }

    @Test
    void nothing_is_lost_while_events_keep_coming() {
        try (Consumers one = start(US);
                Consumers two = start(US)) {
            one.serving(topic, 2);
            two.serving(topic, 2);
            for (int round = 1; round <= 2; round++) {
                try (CopiedService stranger = CopiedService.next(group, "next", topic)) {
                    awaitWhileSending("it has partitions", () -> stranger.partitions > 0);
                    awaitWhileSending(
                            "both move",
                            () -> Stream.of(one, two)
                                    .allMatch(each ->
                                            each.running(topic).words().state().equals("rescued")));
                }
                awaitWhileSending(
                        "both return",
                        () -> one.running(topic).partitions() == 2
                                && two.running(topic).partitions() == 2
                                && foreign(one) + foreign(two) == 0);
            }
            awaitAllHandled();
        }
    }

    private void awaitWhileSending(String what, Callable<Boolean> condition) {
        await(what).atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> {
            send(40);
            return condition.call();
        });
    }

    @Test
    void an_operator_goes_back_with_kafkas_tools_and_a_skip_without_stamp_is_not_believed() {
        send(400);
        try (Consumers first = start(US)) {
            awaitAllHandled();
            awaitCommitted(group + ".frontier", 100);
            awaitCommitted(group, 100);
        }
        set(group, 40);
        try (Consumers rewound = start(US)) {
            await("60 of each are handled again").atMost(LIMIT).until(() -> handler.done.size() == 640);
            awaitCommitted(group, 100);
            awaitCommitted(group + ".frontier", 100);
        }
        send(400);
        set(group, 200);
        try (Consumers skipped = start(US)) {
            awaitAllHandled();
            assertThat(stolen(skipped)).isEqualTo(400);
            assertThat(handler.done).hasSize(1_040);
        }
    }

    @Test
    void the_shadow_learns_where_a_quiet_partition_stands_at_each_assignment() {
        send(4);
        try (Consumers first = start(US)) {
            awaitAllHandled();
            awaitCommitted(group + ".frontier", 1);
            awaitCommitted(group, 1);
        }
        TestKafka.BROKER.ask(admin ->
                admin.deleteConsumerGroups(List.of(group + ".frontier")).all());
        try (Consumers again = start(US)) {
            awaitCommitted(group + ".frontier", 1);
            awaitStamped(group + ".frontier");
        }
        assertThat(handler.done).hasSize(4);
    }

    @Test
    void offsets_of_the_first_version_are_taken_over_once() {
        send(400);
        try (Consumers first = start(US)) {
            awaitAllHandled();
            awaitCommitted(group, 100);
        }
        // As the first version left a group: no stamp, no shadow.
        TestKafka.BROKER.ask(admin ->
                admin.deleteConsumerGroups(List.of(group + ".frontier")).all());
        set(group, 90);
        try (Consumers taking = start(US)) {
            await("10 of each come again").atMost(LIMIT).until(() -> handler.done.size() == 440);
            awaitCommitted(group, 100);
            awaitCommitted(group + ".frontier", 100);
            assertThat(stolen(taking)).isZero();
        }
        send(40);
        set(group, 110);
        try (Consumers later = start(US)) {
            awaitAllHandled();
            assertThat(stolen(later)).isEqualTo(40);
        }
    }

    @Test
    void the_second_application_with_a_group_is_refused_and_says_whose_it_is() {
        secondApplicationIsRefused();
    }

    @Test
    void it_is_refused_also_where_the_broker_has_no_wall() {
        secondApplicationIsRefused(topic + ".group-protocol=consumer");
    }

    @Test
    void an_application_that_takes_the_place_of_another_goes_on_once_that_is_gone() {
        try (Consumers before = start(US)) {
            send(400);
            awaitAllHandled();
            awaitStamped(group + ".frontier");
            try (Consumers after = start(US.application("renamed"))) {
                await("it waits")
                        .atMost(LIMIT)
                        .until(() -> after.running(topic).words().state().equals("stopped"));
                before.close();
                send(400);
                awaitAllHandled();
                after.serving(topic, 4);
            }
        }
    }

    private void secondApplicationIsRefused(String... settings) {
        Recorder others = new Recorder(event -> new Result.Done());
        try (Consumers first = start(US, settings)) {
            first.serving(topic, 4);
            awaitStamped(group + ".frontier");
            try (Consumers second = Consumers.start(
                    US.application("second"),
                    Consumers.subscription(topic, StartPosition.RETAINED, others),
                    settings)) {
                await("it says so").atMost(LIMIT).untilAsserted(() -> {
                    assertThat(second.running(topic).words().state()).isEqualTo("stopped");
                    assertThat(second.words(topic))
                            .contains("the group " + group + " belongs to the application test, which runs");
                });
                send(400);
                awaitAllHandled();
                assertThat(others.done).isEmpty();
                assertThat(first.running(topic).words().state()).isIn("up", "idle");
                assertThat(new HashSet<>(members(group))).allMatch(each -> each.startsWith("test." + topic + "."));
                assertThat(handler.done).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void an_application_that_was_renamed_goes_on_where_it_was() {
        send(400);
        try (Consumers before = start(US)) {
            awaitAllHandled();
            awaitCommitted(group, 100);
            awaitCommitted(group + ".frontier", 100);
        }
        try (Consumers after = start(US.application("renamed"))) {
            send(400);
            awaitAllHandled();
            awaitCommitted(group, 200);
            assertThat(handler.done).hasSize(800);
            assertThat(stolen(after)).isZero();
        }
    }
}
