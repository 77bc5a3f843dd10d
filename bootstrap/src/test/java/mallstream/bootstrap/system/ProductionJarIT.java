package mallstream.bootstrap.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import mallstream.bootstrap.infrastructure.Infrastructure;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Several processes of the production jar, and what becomes of events when one is killed or the broker is away. Sizes are
 * small enough for every build; the system properties {@code trial.*} make them large, for instance
 * {@code -Dtrial.outage=300}.
 */
class ProductionJarIT {
    private static final int NOTICES = Integer.getInteger("trial.notices", 10_000);
    private static final int OUTAGE_SECONDS = Integer.getInteger("trial.outage", 10);
    private static final int MALLS = 50;
    private static final int ORDERS_PER_MALL = Integer.getInteger("trial.orders", 4);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final String run = UUID.randomUUID().toString().substring(0, 8);

    @Test
    void orders_end_right_though_one_of_three_instances_is_killed() throws Exception {
        try (Jar first = Jar.start();
                Jar second = Jar.start();
                Jar third = Jar.start()) {
            List.of(first, second, third).forEach(Jar::awaitReady);
            Api api = first.api();
            for (String state : List.of("o1", "p1", "g1")) {
                for (int order = 0; order < ORDERS_PER_MALL; order++) {
                    for (int mall = 0; mall < MALLS; mall++) {
                        var answer = api.post(
                                "/api/channels/godomall/malls/" + mall(mall) + "/orders", godomall(mall, order, state));
                        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
                    }
                    if (state.equals("p1") && order == ORDERS_PER_MALL / 2) {
                        third.kill();
                    }
                }
            }
            for (int mall = 0; mall < MALLS; mall++) {
                for (int order = 0; order < ORDERS_PER_MALL; order++) {
                    String path = "/api/malls/" + mall(mall) + "/orders/" + orderNo(mall, order);
                    await(path).atMost(PATIENCE).until(() -> api.get(path).text("status"), "PREPARING"::equals);
                    assertThat(applied(api.get(path).json())).containsExactly("CREATED", "PAID", "PREPARING");
                }
            }
        }
    }

    @Test
    void events_of_one_member_keep_their_order_though_one_of_three_relays_is_killed() throws Exception {
        try (Jar first = Jar.start();
                Jar second = Jar.start();
                Jar third = Jar.start()) {
            List.of(first, second, third).forEach(Jar::awaitReady);
            UUID member = UUID.randomUUID();
            List<String> eventIds = IntStream.range(0, 1000)
                    .mapToObj(i -> UUID.randomUUID().toString())
                    .toList();
            for (int from = 0; from < 1000; from += 100) {
                Database.open()
                        .sql("""
                                insert into member.outbox (bucket, mall_id, member_id, event_id, happened_at)
                                select 1, ?, ?, id::uuid, now() from unnest(?) with ordinality as e (id, n) order by n""")
                        .param("mall-" + run)
                        .param(member)
                        .param(eventIds.subList(from, from + 100).toArray(String[]::new))
                        .update();
                if (from == 500) {
                    third.kill();
                }
            }
            await("empty outbox")
                    .atMost(PATIENCE)
                    .until(() -> Database.count("select count(*) from member.outbox") == 0);

            var seen = new LinkedHashSet<String>();
            records("member.signed-up", member.toString())
                    .forEach(value ->
                            seen.add(Api.JSON.readTree(value).path("eventId").asString()));
            assertThat(seen).containsExactlyElementsOf(eventIds);
        }
    }

    @Test
    void sign_ups_that_are_published_twice_are_granted_once() throws Exception {
        try (Jar jar = Jar.start()) {
            jar.awaitReady();
            List<UUID> members =
                    IntStream.range(0, 10_000).mapToObj(i -> UUID.randomUUID()).toList();
            try (var producer = producer()) {
                var sent = new ArrayList<Future<RecordMetadata>>();
                for (int time = 0; time < 2; time++) {
                    members.forEach(member -> sent.add(producer.send(signedUp(member))));
                }
                for (Future<RecordMetadata> one : sent) {
                    one.get();
                }
            }
            awaitCaughtUp("mallstream.member.coupon", "member.signed-up");
            awaitCaughtUp("mallstream.member.points", "member.signed-up");
            assertThat(Database.count(
                            "select count(*) from member.coupon where mall_id = ? and policy = 'signup'",
                            "mall-" + run))
                    .isEqualTo(10_000);
            assertThat(Database.count(
                            "select count(*) from member.point_lot where mall_id = ? and source = 'SIGNUP'",
                            "mall-" + run))
                    .isEqualTo(10_000);
            assertThat(Database.count("""
                            select count(*) from member.point_entry e join member.point_lot l on l.id = e.lot_id
                            where l.mall_id = ? and l.source = 'SIGNUP'""", "mall-" + run)).isEqualTo(10_000);
        }
    }

    @Test
    void members_sign_up_while_the_broker_is_away_and_get_everything_afterwards() throws Exception {
        try (Jar jar = Jar.start()) {
            jar.awaitReady();
            Api api = jar.api();
            assertThat(api.signUp("mall-" + run).status()).isEqualTo(201);
            long signedUp = 1;
            Infrastructure.running().stopBroker();
            try {
                Instant until = Instant.now().plusSeconds(OUTAGE_SECONDS);
                while (Instant.now().isBefore(until)) {
                    assertThat(api.signUp("mall-" + run).status()).isEqualTo(201);
                    signedUp++;
                }
                assertThat(jar.management().get("/actuator/health/readiness").status())
                        .isEqualTo(200);
            } finally {
                Infrastructure.running().startBroker();
            }
            long members = signedUp;
            await("benefits").atMost(PATIENCE).untilAsserted(() -> {
                assertThat(Database.count(
                                "select count(*) from member.coupon where mall_id = ? and policy = 'signup'",
                                "mall-" + run))
                        .isEqualTo(members);
                assertThat(Database.count(
                                "select count(*) from member.point_lot where mall_id = ? and source = 'SIGNUP'",
                                "mall-" + run))
                        .isEqualTo(members);
            });
            say("outage of %d s: %d sign-ups answered 201, all with coupon and points"
                    .formatted(OUTAGE_SECONDS, members));
        }
    }

    @Test
    void many_waiting_notices_reach_the_gateway_from_a_small_heap() throws Exception {
        try (Gateway gateway = new Gateway()) {
            String campaign;
            try (Jar publisher = Jar.start(List.of("-Xmx256m"), Map.of("MALLSTREAM_CONSUME_ONLY", "coupon"))) {
                publisher.awaitReady();
                Database.open().sql("""
                                insert into member.member (id, mall_id, login_id, name, email, phone, signed_up_at)
                                select gen_random_uuid(), ?, 'm' || n, 'Hong', 'hong@example.com', '01012345678', now()
                                from generate_series(1, ?) n""").param("mall-" + run).param(NOTICES).update();
                campaign = publisher
                        .api()
                        .post(
                                "/api/notice-campaigns",
                                "{\"mallId\":\"mall-%s\",\"year\":2026,\"channel\":\"alimtalk\",\"template\":\"PRIVACY\"}"
                                        .formatted(run))
                        .text("campaignId");
                await("published").atMost(PATIENCE).until(() -> published(publisher, campaign) == NOTICES);
            }
            Instant started = Instant.now();
            try (Jar jar = Jar.start(
                    List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"),
                    Map.of(
                            "MALLSTREAM_NOTICE_GATEWAY_BASEURL", gateway.url(),
                            "MALLSTREAM_NOTICE_GATEWAY_APPKEY", "app",
                            "MALLSTREAM_NOTICE_GATEWAY_SECRETKEY", "secret",
                            "MALLSTREAM_NOTICE_GATEWAY_SENDERKEY", "sender"))) {
                jar.awaitReady();
                await("accepted")
                        .atMost(PATIENCE)
                        .until(() -> jar.api()
                                        .get("/api/notice-campaigns/" + campaign)
                                        .json()
                                        .path("accepted")
                                        .asLong()
                                == NOTICES);
                Duration took = Duration.between(started, Instant.now());
                assertThat(gateway.recipients).hasValue(NOTICES);
                assertThat(gateway.largestCall.get()).isBetween(1, 1000);
                say(
                        "%d waiting notices with -Xmx256m: handed over %d s after the start, calls of up to %d, heap after GC %d MB"
                                .formatted(
                                        NOTICES, took.toSeconds(), gateway.largestCall.get(), heapAfterGc(jar) >> 20));
            }
        }
    }

    @Test
    void a_database_outage_costs_no_event_an_attempt() throws Exception {
        try (Jar jar = Jar.start()) {
            jar.awaitReady();
            List<UUID> members = members(2_000);
            publish(members.subList(0, 1_000));
            Infrastructure.running().stopDatabase();
            try (var producer = producer()) {
                Instant until = Instant.now().plusSeconds(OUTAGE_SECONDS);
                for (UUID member : members.subList(1_000, 2_000)) {
                    producer.send(signedUp(member)).get();
                }
                await("the outage")
                        .atMost(Duration.ofSeconds(OUTAGE_SECONDS + 60))
                        .until(() -> Instant.now().isAfter(until)
                                && consumer(jar, "coupon")
                                        .path("reason")
                                        .asString()
                                        .contains("no event is lost"));
            } finally {
                Infrastructure.running().startDatabase();
            }
            awaitCoupons(members.size());
            assertThat(figure(jar, "mallstream_consume_retries_total")).isZero();
            assertThat(figure(jar, "mallstream_consume_dead_letters_total")).isZero();
            say("database away for %d s under load: %d coupons, 0 attempts burnt, 0 dead letters"
                    .formatted(OUTAGE_SECONDS, members.size()));
        }
    }

    @Test
    void five_hundred_calls_share_ten_connections() throws Exception {
        try (Jar jar = Jar.start(
                List.of("-Xmx256m"),
                Map.of(
                        "MALLSTREAM_CONSUME_COUPON_MAXINFLIGHT", "500",
                        "MALLSTREAM_CONSUME_COUPON_BATCH_MAXSIZE", "1",
                        "MALLSTREAM_CONSUME_ONLY", "coupon"))) {
            jar.awaitReady();
            jar.management().post("/actuator/consumers/coupon/pause", "{}");
            List<UUID> members = members(5_000);
            publish(members);
            jar.management().post("/actuator/consumers/coupon/resume", "{}");
            long most = 0;
            while (coupons() < members.size()) {
                JsonNode now = consumer(jar, "coupon");
                assertThat(now.path("state").asString()).as(now.toString()).isIn("up", "idle", "paused");
                most = Math.max(most, now.path("inFlight").asLong());
            }
            assertThat(most).isGreaterThan(100);
            assertThat(figure(jar, "mallstream_consume_retries_total")).isZero();
            assertThat(figure(jar, "mallstream_consume_dead_letters_total")).isZero();
            say("%d calls in flight at most on a pool of 10: %d coupons, no back-off, no failure"
                    .formatted(most, members.size()));
        }
    }

    @Test
    void a_stranger_with_a_copied_group_takes_nothing_from_anybody() throws Exception {
        try (Jar jar = Jar.start(List.of("-Xmx256m"), Map.of("MALLSTREAM_CONSUME_ONLY", "coupon"));
                var stranger = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", Infrastructure.running().bootstrapServers(),
                                "group.id", "mallstream.member.coupon",
                                "client.id", "copied-service",
                                "group.protocol", "consumer",
                                "auto.offset.reset", "latest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            jar.awaitReady();
            // In the middle of a rebalance Kafka 4.2.1 answers a joiner of the other protocol with an error of its own.
            await("its group is stable")
                    .atMost(PATIENCE)
                    .until(() -> consumer(jar, "coupon").path("partitions").size() >= 8);
            stranger.subscribe(List.of("member.signed-up"));
            Instant came = Instant.now();
            await("the stranger is in").atMost(PATIENCE).until(() -> {
                stranger.poll(Duration.ofMillis(100));
                return !stranger.assignment().isEmpty();
            });
            List<UUID> members = members(1_000);
            publish(members);
            Instant published = Instant.now();
            long taken = 0;
            while (coupons() < members.size()) {
                taken += stranger.poll(Duration.ofMillis(100)).count();
                stranger.commitSync();
                assertThat(Duration.between(published, Instant.now())).isLessThan(Duration.ofMinutes(1));
            }
            Duration served = Duration.between(published, Instant.now());
            await("it is named").atMost(PATIENCE).until(() -> {
                stranger.poll(Duration.ofMillis(100));
                return consumer(jar, "coupon").path("reason").asString().contains("copied-service");
            });
            assertThat(figure(jar, "mallstream_consume_foreign_members")).isEqualTo(1);
            say(
                    "a stranger took %d of %d sign-ups and committed them: %d coupons %d s after they were published, named %d s after it came"
                            .formatted(
                                    taken,
                                    members.size(),
                                    coupons(),
                                    served.toSeconds(),
                                    Duration.between(came, Instant.now()).toSeconds()));
        }
    }

    private static List<UUID> members(int count) {
        return IntStream.range(0, count).mapToObj(i -> UUID.randomUUID()).toList();
    }

    private void publish(List<UUID> members) throws Exception {
        try (var producer = producer()) {
            var sent = new ArrayList<Future<RecordMetadata>>();
            members.forEach(member -> sent.add(producer.send(signedUp(member))));
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    private long coupons() {
        return Database.count("select count(*) from member.coupon where mall_id = ?", "mall-" + run);
    }

    private void awaitCoupons(long wanted) {
        await("coupons").atMost(PATIENCE).until(() -> coupons() == wanted);
    }

    private static JsonNode consumer(Jar jar, String name) {
        return jar.management().get("/actuator/consumers/" + name).json();
    }

    /** A figure of the coupon subscription, over all its other tags. */
    private static long figure(Jar jar, String name) {
        return jar.management()
                .get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") && line.contains("subscription=\"coupon\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static long published(Jar jar, String campaign) {
        return jar.api()
                .get("/api/notice-campaigns/" + campaign)
                .json()
                .path("published")
                .asLong();
    }

    private static long heapAfterGc(Jar jar) throws Exception {
        new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(jar.pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        return jar.management()
                .get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void awaitCaughtUp(String group, String topic) {
        try (var admin = Admin.create(
                        Map.of("bootstrap.servers", Infrastructure.running().bootstrapServers()));
                var consumer = consumer()) {
            await(group).atMost(PATIENCE).until(() -> {
                var committed = admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get();
                Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.partitionsFor(topic).stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList());
                return ends.entrySet().stream()
                        .allMatch(end -> committed.containsKey(end.getKey())
                                && committed.get(end.getKey()).offset() == end.getValue());
            });
        }
    }

    private ProducerRecord<String, String> signedUp(UUID member) {
        String event = """
                {"eventId":"%s","mallId":"mall-%s","memberId":"%s","signedUpAt":"%s"}""".formatted(UUID.randomUUID(), run, member, Instant.now());
        return new ProducerRecord<>("member.signed-up", member.toString(), event);
    }

    /** All values of a key, in the order of its partition. */
    private static List<String> records(String topic, String key) {
        var values = new ArrayList<String>();
        try (var consumer = consumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var left = new HashMap<>(consumer.endOffsets(partitions));
            while (!left.isEmpty()) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (key.equals(record.key())) {
                        values.add(record.value());
                    }
                });
                left.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
        }
        return values;
    }

    private static KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", Infrastructure.running().bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", Infrastructure.running().bootstrapServers(), "linger.ms", "5"),
                new StringSerializer(),
                new StringSerializer());
    }

    private String mall(int number) {
        return "mall-" + run + "-" + number;
    }

    private static String orderNo(int mall, int order) {
        return "26010203%04d%04d".formatted(mall, order);
    }

    private static String godomall(int mall, int order, String state) {
        return """
                {"orderNo":"%s","orderStatus":"%s","orderDate":"2026-01-02 12:00:00","orderChannelFl":"shop",
                 "settlePrice":"10000","orderGoodsData":[{"sno":"1","orderStatus":"%s","goodsNo":"7","goodsCnt":"1"}]}""".formatted(orderNo(mall, order), state, state);
    }

    private static List<String> applied(JsonNode order) {
        return StreamSupport.stream(order.path("history").spliterator(), false)
                .filter(change -> change.path("change").asString().equals("applied"))
                .map(change -> change.path("to").asString())
                .toList();
    }

    private static void say(String figure) {
        System.out.println("measured: " + figure);
    }
}
