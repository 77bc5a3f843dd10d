package mallstream.bootstrap.system;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import mallstream.bootstrap.infrastructure.Infrastructure;
import mallstream.bootstrap.system.TrialLoad.Change;
import mallstream.bootstrap.system.TrialLoad.OrderName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a load did, read from the database and the broker and held against what it must have done. Times are those of
 * commits in PostgreSQL ({@code track_commit_timestamp}), so nothing counts as done that was not kept.
 */
final class Effects {
    /** The platform's groups and what they read. */
    static final Map<String, String> TOPIC_OF_GROUP = Map.of(
            "mallstream.member.coupon", "member.signed-up",
            "mallstream.member.points", "member.signed-up",
            "mallstream.member.webhook", "member.signed-up",
            "mallstream.member.notice", "member.notice-requested",
            "mallstream.order.godomall", "order.godomall.changed",
            "mallstream.order.shopby", "order.shopby.changed");

    private static final int NAMED = 5;

    private final Infrastructure on;
    private final TrialLoad load;

    /**
     * @param on where it is looked
     * @param load one that has ended
     */
    Effects(Infrastructure on, TrialLoad load) {
        this.on = on;
        this.load = load;
    }

    /** Rows of a member in one table, and when the first was committed. */
    private record Granted(long rows, Instant at) {}

    private record Applied(String state, long offset, Instant at) {}

    /**
     * All that is not as it must be, in words; empty: every sign-up that was answered 201 (and every one that is in the
     * database though nobody heard the answer) has exactly one coupon, one grant of points and one booking of it; every
     * order went through exactly the states that were published, in that order, and stands at the last one; every order that
     * is pulled went through some of its states, in their order, and stands at the last one; no mall's changes were applied
     * in another order than they have in their partition, or at Naver's; dead-letter topics are empty; and every group has
     * committed all there is.
     */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (String each : load.refusals()) {
            problems.add("refused: " + each);
        }
        JdbcClient database = Database.open(on);
        members(database, problems);
        orders(database, problems);
        inversions(database, problems);
        broker(problems);
        return problems;
    }

    private void members(JdbcClient database, List<String> problems) {
        Set<UUID> members = new HashSet<>(database.sql("select id from member.member")
                .query((row, n) -> row.getObject(1, UUID.class))
                .list());
        Set<UUID> wanted = new HashSet<>(load.signedUp().keySet());
        name(problems, "a member whose sign-up was answered 201 is not there", without(wanted, members));
        wanted.addAll(members);
        for (Granting each : Granting.values()) {
            Map<UUID, Granted> granted = granted(database, each);
            name(problems, "a member has no " + each.words, without(wanted, granted.keySet()));
            name(problems, each.words + " of nobody", without(granted.keySet(), members));
            name(
                    problems,
                    "a member has more than one " + each.words,
                    granted.entrySet().stream()
                            .filter(it -> it.getValue().rows() > 1)
                            .map(Map.Entry::getKey)
                            .toList());
        }
    }

    /** What every sign-up brings. */
    private enum Granting {
        COUPON("coupon", "select member_id, xmin from member.coupon where policy = 'signup'"),
        POINTS("grant of points", "select member_id, xmin from member.point_lot where source = 'SIGNUP'"),
        BOOKING("booking of points", """
                select l.member_id, e.xmin from member.point_entry e join member.point_lot l on l.id = e.lot_id
                where l.source = 'SIGNUP'""");

        private final String words;
        private final String rows;

        Granting(String words, String rows) {
            this.words = words;
            this.rows = rows;
        }
    }

    private static Map<UUID, Granted> granted(JdbcClient database, Granting of) {
        Map<UUID, Granted> granted = new HashMap<>();
        database.sql("select member_id, count(*), min(pg_xact_commit_timestamp(xmin)) from (" + of.rows
                        + ") r group by member_id")
                .query(row -> {
                    granted.put(
                            row.getObject(1, UUID.class),
                            new Granted(row.getLong(2), row.getTimestamp(3).toInstant()));
                });
        return granted;
    }

    private void orders(JdbcClient database, List<String> problems) {
        Map<OrderName, List<String>> expected = new HashMap<>();
        for (Change each : load.changes()) {
            expected.computeIfAbsent(each.order(), it -> new ArrayList<>())
                    .add("applied " + TrialLoad.STATES.get(each.state()));
        }
        Map<OrderName, List<String>> found = new HashMap<>();
        database.sql("""
                        select o.channel, o.mall_id, o.order_no, h.kind, h.to_status
                        from orders.history h join orders.sales_order o on o.id = h.order_id order by h.id""").query(row -> {
            found.computeIfAbsent(order(row), it -> new ArrayList<>())
                    .add(row.getString(4).toLowerCase(Locale.ROOT) + " " + row.getString(5));
        });
        Map<OrderName, String> standing = new HashMap<>();
        database.sql("""
                        select o.channel, o.mall_id, o.order_no, l.status
                        from orders.line l join orders.sales_order o on o.id = l.order_id""").query(row -> {
            standing.put(order(row), row.getString(4));
        });
        Map<OrderName, Integer> pulled = load.changedAtNaver();
        name(
                problems,
                "an order that was never published",
                without(without(found.keySet(), expected.keySet()), pulled.keySet()));
        List<String> wrong = new ArrayList<>();
        List<String> ended = new ArrayList<>();
        pulled.forEach((order, last) -> {
            List<String> applied = found.getOrDefault(order, List.of()).stream()
                    // The details of a line may be newer than the list that named it; the change that is listed later
                    // is known then.
                    .filter(each -> !each.startsWith("ignored"))
                    .toList();
            List<Integer> states = applied.stream()
                    .map(each -> TrialLoad.STATES.indexOf(each.replace("applied ", "")))
                    .toList();
            if (states.isEmpty()
                    || states.contains(-1)
                    || !states.equals(states.stream().distinct().sorted().toList())) {
                wrong.add(order + " at Naver's at " + TrialLoad.STATES.get(last) + " but " + applied);
            }
            if (!TrialLoad.STATES.get(last).equals(standing.get(order))) {
                ended.add(order + " at Naver's at " + TrialLoad.STATES.get(last) + " but stands at "
                        + standing.get(order));
            }
        });
        expected.forEach((order, states) -> {
            List<String> history = found.getOrDefault(order, List.of());
            if (!history.equals(states)) {
                wrong.add(order + " published " + states + " but " + history);
            }
            String stands = String.valueOf(standing.get(order));
            if (!states.getLast().equals("applied " + stands)) {
                ended.add(order + " published " + states + " but stands at " + stands);
            }
        });
        name(problems, "an order's history is wrong", wrong);
        name(problems, "an order's state is wrong", ended);
    }

    private static OrderName order(ResultSet row) throws SQLException {
        return new OrderName(row.getString(1).toLowerCase(Locale.ROOT), row.getString(2), row.getString(3));
    }

    private static void inversions(JdbcClient database, List<String> problems) {
        name(problems, "applied inverted", database.sql("""
                        select mall_id || ' offset ' || stream_offset || ' after ' || before from (
                          select o.mall_id, h.stream_offset, lag(h.stream_offset)
                            over (partition by h.stream, h.stream_partition, o.mall_id order by h.id) as before
                          from orders.history h join orders.sales_order o on o.id = h.order_id) h
                        where before >= stream_offset""").query(String.class).list());
        name(
                problems,
                "pulled and applied inverted",
                database.sql("""
                        select mall_id || ' at ' || source_time || ' after ' || before from (
                          select o.mall_id, h.source_time, lag(h.source_time) over (partition by o.mall_id order by h.id) as before
                          from orders.history h join orders.sales_order o on o.id = h.order_id
                          where o.channel = 'NAVERPAY' and h.kind = 'APPLIED') h
                        where before > source_time""").query(String.class).list());
    }

    private void broker(List<String> problems) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", on.bootstrapServers()))) {
            Map<TopicPartition, Long> ends = ends(admin);
            ends.forEach((partition, end) -> {
                if (partition.topic().endsWith(".dlt") && end > 0) {
                    problems.add(end + " dead letters in " + partition);
                }
            });
            TOPIC_OF_GROUP.forEach((group, topic) -> {
                var committed = get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
                long lag = ends.entrySet().stream()
                        .filter(end -> end.getKey().topic().equals(topic))
                        .mapToLong(end -> {
                            var offset = committed.get(end.getKey());
                            return end.getValue() - (offset == null ? 0 : offset.offset());
                        })
                        .sum();
                if (lag != 0) {
                    problems.add(group + " has a lag of " + lag);
                }
            });
        }
    }

    private static Map<TopicPartition, Long> ends(Admin admin) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        get(admin.describeTopics(get(admin.listTopics().names())).allTopicNames())
                .values()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> asked.put(
                                new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest())));
        return get(admin.listOffsets(asked).all()).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, it -> offset(it.getValue())));
    }

    private static long offset(ListOffsetsResultInfo end) {
        return end.offset();
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static <T> List<T> without(Collection<T> all, Collection<T> some) {
        return all.stream().filter(each -> !some.contains(each)).toList();
    }

    /** One line for many of a kind. */
    private static void name(List<String> problems, String what, List<?> which) {
        if (!which.isEmpty()) {
            problems.add(what + ", " + which.size() + " times: "
                    + which.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining("; ")));
        }
    }

    /**
     * For how long the slowest change of an order waited though all before it of its mall were applied: from the moment it
     * was given to the producer, or the one before it was committed if that is later, until it was committed itself.
     */
    Duration longestPauseOfOrders() {
        Map<OrderName, Map<String, Applied>> applied = new HashMap<>();
        Database.open(on).sql("""
                        select o.channel, o.mall_id, o.order_no, h.to_status, h.stream_offset,
                          pg_xact_commit_timestamp(h.xmin)
                        from orders.history h join orders.sales_order o on o.id = h.order_id""").query(row -> {
            applied.computeIfAbsent(order(row), it -> new HashMap<>())
                    .put(
                            row.getString(4),
                            new Applied(
                                    row.getString(4),
                                    row.getLong(5),
                                    row.getTimestamp(6).toInstant()));
        });
        Map<String, Instant> before = new HashMap<>();
        Duration longest = Duration.ZERO;
        for (Change each : load.changes()) {
            Applied now = applied.getOrDefault(each.order(), Map.of()).get(TrialLoad.STATES.get(each.state()));
            if (now != null) {
                Instant given = Instant.ofEpochMilli(each.at());
                Instant last = before.getOrDefault(each.order().mall(), given);
                longest = longer(longest, Duration.between(last.isAfter(given) ? last : given, now.at()));
                before.put(each.order().mall(), now.at());
            }
        }
        return longest;
    }

    /** From the commit of a sign-up to that of its coupon, or its points: the longest. */
    Duration longestPauseOfSignUps() {
        JdbcClient database = Database.open(on);
        Map<UUID, Instant> signedUp = new LinkedHashMap<>();
        database.sql("select id, pg_xact_commit_timestamp(xmin) from member.member")
                .query(row -> {
                    signedUp.put(
                            row.getObject(1, UUID.class), row.getTimestamp(2).toInstant());
                });
        Duration longest = Duration.ZERO;
        for (Granting of : List.of(Granting.COUPON, Granting.POINTS)) {
            for (Map.Entry<UUID, Granted> each : granted(database, of).entrySet()) {
                Instant from = signedUp.get(each.getKey());
                if (from != null) {
                    longest = longer(
                            longest, Duration.between(from, each.getValue().at()));
                }
            }
        }
        return longest;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** Sign-ups that stand in their topic more than once: what the outbox published and could not note in time. */
    long publishedTwice() {
        Set<String> events = new HashSet<>();
        long records = 0;
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", on.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("member.signed-up").stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var left = new HashMap<>(consumer.endOffsets(partitions));
            while (!left.isEmpty()) {
                for (var each : consumer.poll(Duration.ofMillis(200))) {
                    records++;
                    events.add(Api.JSON.readTree(each.value()).path("eventId").asString());
                }
                left.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
        }
        return records - events.size();
    }
}
