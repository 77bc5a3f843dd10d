package mallstream.kafka.produce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mallstream.kafka.Broker;
import mallstream.kafka.OwnTopics;
import mallstream.kafka.TestKafka;
import mallstream.kafka.TopicSettings;
import mallstream.kafka.Topics;
import mallstream.kafka.Tracing;
import mallstream.member.model.CampaignId;
import mallstream.member.model.Event;
import mallstream.member.model.MallId;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.NoticeRequested;
import mallstream.order.model.Channel;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.Unavailable;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublishingIT {
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");
    private static final TopicSettings SETTINGS = new TopicSettings(8, 1, 1, Duration.ofDays(7), Duration.ofDays(30));

    private final OwnTopics topics = new OwnTopics(TestKafka.BROKER, SETTINGS);
    private final EventPublisher events =
            new EventPublisher(TestKafka.BROKER, topics, Tracing.off(), Clock.fixed(NOW, ZoneOffset.UTC));

    /** Tests that ran before on the same broker may have made the topics with other settings. */
    @BeforeAll
    static void startWithoutTopics() {
        Set<String> left = TestKafka.BROKER.ask(admin -> admin.listTopics().names());
        TestKafka.BROKER.ask(admin -> admin.deleteTopics(left).all());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> TestKafka.BROKER
                        .ask(admin -> admin.listTopics().names())
                        .isEmpty());
    }

    @BeforeEach
    void create() {
        topics.createFor(Map.of("mallstream.member.coupon", Topics.MEMBER_SIGNED_UP));
    }

    private static MemberSignedUp signUp(MemberId member) {
        return new MemberSignedUp(
                UUID.randomUUID(), new MallId("mall-1"), member, Instant.parse("2026-01-02T03:04:05Z"));
    }

    private static String header(ConsumerRecord<byte[], byte[]> message, String name) {
        return new String(message.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void missing_topics_are_created_as_settings_say_and_present_ones_left_alone() {
        // A topic that was created a moment ago is not known to the whole broker yet.
        await().atMost(Duration.ofSeconds(10)).ignoreExceptions().untilAsserted(() -> {
            assertThat(config(Topics.MEMBER_SIGNED_UP, "retention.ms")).isEqualTo("604800000");
            assertThat(config(Topics.CONTROL, "cleanup.policy")).isEqualTo("compact");
            assertThat(config("mallstream.member.coupon.dlt", "retention.ms")).isEqualTo("2592000000");
            assertThat(Integer.parseInt(config("mallstream.member.coupon.dlt", "max.message.bytes")))
                    .isGreaterThan(Integer.parseInt(config(Topics.MEMBER_SIGNED_UP, "max.message.bytes")));
            assertThat(config("mallstream.member.coupon.replay", "retention.ms"))
                    .isEqualTo("604800000");
            assertThat(config("mallstream.member.coupon.replay", "max.message.bytes"))
                    .isEqualTo(config("mallstream.member.coupon.dlt", "max.message.bytes"));
            assertThat(partitions("mallstream.member.coupon.replay")).isEqualTo(8);
            assertThat(partitions(Topics.MEMBER_SIGNED_UP)).isEqualTo(8);
            assertThat(partitions(Topics.CONTROL)).isEqualTo(1);
        });
        topics.createFor(Map.of("mallstream.member.coupon", Topics.MEMBER_SIGNED_UP));
        assertThat(topics.ready()).isTrue();
    }

    @Test
    void a_replay_topic_has_the_partitions_and_the_retention_of_a_source_that_was_there_before() {
        TestKafka.create("source-of-replays", 3);
        ConfigResource source = new ConfigResource(ConfigResource.Type.TOPIC, "source-of-replays");
        AlterConfigOp shorter = new AlterConfigOp(new ConfigEntry("retention.ms", "3600000"), AlterConfigOp.OpType.SET);
        TestKafka.BROKER.ask(admin ->
                admin.incrementalAlterConfigs(Map.of(source, List.of(shorter))).all());
        await("the change is known")
                .atMost(Duration.ofSeconds(10))
                .until(() -> config("source-of-replays", "retention.ms").equals("3600000"));
        topics.createFor(Map.of("mallstream.test.replayed", "source-of-replays"));
        await().atMost(Duration.ofSeconds(10)).ignoreExceptions().untilAsserted(() -> {
            assertThat(partitions("mallstream.test.replayed.replay")).isEqualTo(3);
            assertThat(config("mallstream.test.replayed.replay", "retention.ms"))
                    .isEqualTo("3600000");
        });
    }

    private static String config(String topic, String key) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return TestKafka.BROKER
                .ask(admin -> admin.describeConfigs(List.of(resource)).all())
                .values()
                .iterator()
                .next()
                .get(key)
                .value();
    }

    private static int partitions(String topic) {
        return TestKafka.BROKER
                .ask(admin -> admin.describeTopics(List.of(topic)).allTopicNames())
                .values()
                .iterator()
                .next()
                .partitions()
                .size();
    }

    @Test
    void events_of_a_member_keep_their_order_among_those_of_others() {
        List<MemberId> members = List.of(
                new MemberId(UUID.randomUUID()), new MemberId(UUID.randomUUID()), new MemberId(UUID.randomUUID()));
        List<MemberSignedUp> sent = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            sent.add(signUp(members.get(i % 3)));
        }
        assertThat(events.publish(sent)).hasSize(60).containsOnly(true);

        Map<String, List<String>> found = TestKafka.read(Topics.MEMBER_SIGNED_UP).stream()
                .collect(Collectors.groupingBy(
                        each -> new String(each.key(), UTF_8),
                        TreeMap::new,
                        Collectors.mapping(each -> header(each, "ce_id"), Collectors.toList())));
        for (MemberId member : members) {
            assertThat(found.get(member.toString()))
                    .isEqualTo(sent.stream()
                            .filter(each -> each.memberId().equals(member))
                            .map(each -> each.eventId().toString())
                            .toList());
        }
    }

    @Test
    void a_sign_up_is_a_cloud_event_with_ids_only() {
        MemberSignedUp signUp = signUp(new MemberId(UUID.randomUUID()));
        assertThat(events.publish(List.of(signUp))).containsExactly(true);
        ConsumerRecord<byte[], byte[]> message = TestKafka.read(Topics.MEMBER_SIGNED_UP).stream()
                .filter(each ->
                        new String(each.key(), UTF_8).equals(signUp.memberId().toString()))
                .findFirst()
                .orElseThrow();
        assertThat(header(message, "ce_specversion")).isEqualTo("1.0");
        assertThat(header(message, "ce_id")).isEqualTo(signUp.eventId().toString());
        assertThat(header(message, "ce_type")).isEqualTo("member.signed-up");
        assertThat(header(message, "ce_source")).isEqualTo("/mallstream/member");
        assertThat(header(message, "ce_time")).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(header(message, "content-type")).isEqualTo("application/json");
        assertThat(new String(message.value(), UTF_8))
                .contains("\"eventId\":\"" + signUp.eventId() + "\"")
                .contains("\"mallId\":\"mall-1\"")
                .contains("\"memberId\":\"" + signUp.memberId() + "\"")
                .contains("\"signedUpAt\":\"2026-01-02T03:04:05Z\"");
    }

    @Test
    void a_requested_notice_is_named_by_campaign_and_member() {
        NoticeRequested request = new NoticeRequested(
                new CampaignId(UUID.randomUUID()), new MallId("mall-1"), new MemberId(UUID.randomUUID()));
        assertThat(events.publish(List.<Event>of(request))).containsExactly(true);
        ConsumerRecord<byte[], byte[]> message =
                TestKafka.read(Topics.MEMBER_NOTICE_REQUESTED).getLast();
        assertThat(header(message, "ce_id")).isEqualTo(request.campaignId() + "/" + request.memberId());
        assertThat(header(message, "ce_time")).isEqualTo(NOW.toString());
    }

    @Test
    void without_a_broker_every_event_fails_within_a_bound() {
        try (Broker nowhere = TestKafka.broker(TestKafka.NOWHERE)) {
            OwnTopics unknown = new OwnTopics(nowhere, SETTINGS);
            EventPublisher publisher = new EventPublisher(nowhere, unknown, Tracing.off(), Clock.systemUTC());
            List<MemberSignedUp> many = Stream.generate(() -> signUp(new MemberId(UUID.randomUUID())))
                    .limit(500)
                    .toList();
            Instant begin = Instant.now();
            assertThat(publisher.publish(many)).hasSize(500).containsOnly(false);
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(1));

            // The same where the topics were there before the broker went.
            publisher = new EventPublisher(nowhere, topics, Tracing.off(), Clock.systemUTC());
            begin = Instant.now();
            assertThat(publisher.publish(many)).hasSize(500).containsOnly(false);
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void an_order_is_in_its_channels_topic_when_the_call_returns() {
        byte[] body = "{\"orderNo\":\"1\"}".getBytes(UTF_8);
        new ChannelOrderPublisher(TestKafka.BROKER, topics, Tracing.off())
                .publish(Channel.SHOPBY, new mallstream.order.model.MallId("mall-1"), body);
        ConsumerRecord<byte[], byte[]> message =
                TestKafka.read(Topics.ORDER_SHOPBY_CHANGED).getLast();
        assertThat(message.key()).isEqualTo("mall-1".getBytes(UTF_8));
        assertThat(message.value()).isEqualTo(body);
    }

    @Test
    void an_order_that_the_topic_does_not_take_is_refused_and_not_unavailable() {
        ChannelOrderPublisher orders = new ChannelOrderPublisher(TestKafka.BROKER, topics, Tracing.off());
        assertThatThrownBy(() -> orders.publish(
                        Channel.GODOMALL, new mallstream.order.model.MallId("mall-1"), new byte[2 * 1024 * 1024]))
                .isInstanceOf(InvalidValue.class);
    }

    @Test
    void without_a_broker_an_order_is_not_accepted() {
        try (Broker nowhere = TestKafka.broker(TestKafka.NOWHERE)) {
            ChannelOrderPublisher orders = new ChannelOrderPublisher(nowhere, topics, Tracing.off());
            Instant begin = Instant.now();
            assertThatThrownBy(() ->
                            orders.publish(Channel.GODOMALL, new mallstream.order.model.MallId("mall-1"), new byte[1]))
                    .isInstanceOf(Unavailable.class)
                    .hasCauseInstanceOf(KafkaException.class);
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(15));
        }
    }
}
