package mallstream.benchmarks.members;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mallstream.benchmarks.BrokerProcess;
import mallstream.benchmarks.Child;
import mallstream.benchmarks.Cluster;
import mallstream.benchmarks.Pause;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.MallId;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Is the order of each member in the topic the order of commits, whatever the clocks say and whoever began first? Writers
 * append as the platform does, in teams, while three relays drain; the clocks of writers, and those of relays, are five
 * minutes apart.
 *
 * <p>The writers of a team begin their transactions one after the other, all with one member. Then they append in drawn
 * turns, each while the one before it is still open for a drawn time: it has to wait at the member's lock until that has
 * committed. So transactions commit in another order than they began, and never in another than they took the lock; what
 * would happen without the lock is that a later number is seen, published and forgotten before an earlier one is there.
 * Teams share the members. What is right is PostgreSQL's own account of the commits.
 */
final class CommitOrder {
    private static final int TEAMS = 4;
    /** Of a team. */
    private static final int WRITERS = 4;

    private static final int MEMBERS = 16;
    private static final int RELAYS = 3;
    /** How long a transaction stays open after it has appended. */
    private static final int MOST_OPEN_MICROS = 2_000;

    private static final int PATIENCE_SECONDS = 30;
    private static final MallId MALL = new MallId("mall-1");

    private final int rounds;
    private final long seed;
    private final List<MemberId> members;
    /** By the number of the event. A transaction gets its own when it begins. */
    private final int[] transactions;

    /**
     * What was seen.
     *
     * @param events all that were appended
     * @param overtaken how many of them committed after one of their member that began later
     * @param again how many stand in the topic more than once
     * @param violations how many stand behind one of their member that committed later
     */
    record Seen(int events, int overtaken, int again, int violations) {}

    /**
     * @param rounds in each of which every writer appends once
     * @param seed of members, turns and times
     */
    CommitOrder(int rounds, long seed) {
        this.rounds = rounds;
        this.seed = seed;
        Random random = new Random(seed);
        members = Stream.generate(() -> new MemberId(new UUID(random.nextLong(), random.nextLong())))
                .limit(MEMBERS)
                .toList();
        transactions = new int[rounds * TEAMS * WRITERS];
    }

    /**
     * Runs it, with a broker, a database and relays of its own.
     *
     * @param partitions of the topic
     * @param options of the relays' JVMs
     * @throws IllegalStateException if an event is missing in the topic, or a writer fails
     */
    Seen run(int partitions, String options) throws InterruptedException {
        List<Child> relays = new ArrayList<>();
        try (Child broker = BrokerProcess.start();
                MemberDatabase database = new MemberDatabase()) {
            database.migrate();
            String bootstrap = BrokerProcess.address(broker);
            try (Cluster cluster = new Cluster(bootstrap)) {
                relays.addAll(RunRelay.start(RELAYS, database.url(), bootstrap, partitions, options));
                write(database);
                Outbox.awaitDrained(database, cluster, transactions.length);
                return compare(bootstrap, byCommit(database));
            } finally {
                relays.forEach(Child::close);
            }
        }
    }

    private void write(MemberDatabase database) throws InterruptedException {
        try (AnnotationConfigApplicationContext house = RelayHouse.writers(database.url(), TEAMS * WRITERS);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writing = new ArrayList<>();
            for (int team = 0; team < TEAMS; team++) {
                int of = team;
                Phaser turns = new Phaser(1);
                for (int writer = 0; writer < WRITERS; writer++) {
                    int me = writer;
                    writing.add(threads.submit(() -> write(house, of, me, turns)));
                }
            }
            for (Future<?> each : writing) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** All of a team draw the same. Turns are counted on: those of begins, then those of appends, then the next round's. */
    private void write(AnnotationConfigApplicationContext house, int team, int writer, Phaser turns) {
        Transactions inTransactions = house.getBean(Transactions.class);
        mallstream.member.application.port.out.Outbox outbox =
                house.getBean(mallstream.member.application.port.out.Outbox.class);
        JdbcClient sql = house.getBean(JdbcClient.class);
        Clock clock = RelayHouse.clock(writer);
        Random drawn = new Random(seed + team);
        for (int round = 0; round < rounds; round++) {
            MemberId member = members.get(drawn.nextInt(MEMBERS));
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, WRITERS).boxed().toList());
            Collections.shuffle(order, drawn);
            int open = drawn.nextInt(MOST_OPEN_MICROS);
            int begins = 2 * WRITERS * round;
            int appends = begins + WRITERS;
            int event = number(team, round, writer);
            await(turns, begins + writer);
            inTransactions.inOne(() -> {
                transactions[event] = sql.sql("select pg_current_xact_id()::text::int")
                        .query(Integer.class)
                        .single();
                turns.arrive();
                await(turns, appends + order.get(writer));
                outbox.append(new MemberSignedUp(new UUID(0, event), MALL, member, clock.instant()));
                turns.arrive();
                pause(open);
                return event;
            });
        }
    }

    private int number(int team, int round, int writer) {
        return (team * rounds + round) * WRITERS + writer;
    }

    private static void await(Phaser turns, int turn) {
        try {
            int now = turns.getPhase();
            while (now < turn) {
                now = turns.awaitAdvanceInterruptibly(now, PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("another writer did not come", e);
        }
    }

    private static void pause(int micros) {
        try {
            Pause.micros(micros);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The events' numbers, first the one that committed first. */
    private List<Integer> byCommit(MemberDatabase database) {
        String[] ids = IntStream.of(transactions).mapToObj(Integer::toString).toArray(String[]::new);
        return JdbcClient.create(database.sql())
                .sql("""
                        select n - 1 from unnest(?::text[]) with ordinality as one (id, n)
                        order by pg_xact_commit_timestamp(id::xid)""")
                .param(ids)
                .query((row, n) -> row.getInt(1))
                .list();
    }

    private Seen compare(String bootstrap, List<Integer> byCommit) {
        int[] place = new int[byCommit.size()];
        IntStream.range(0, place.length).forEach(i -> place[byCommit.get(i)] = i);
        KeyOrder<String> topic = new KeyOrder<>();
        KeyOrder<String> began = new KeyOrder<>();
        String[] keys = new String[place.length];
        TopicRead.all(bootstrap, Outbox.TOPIC, record -> {
            int event = Outbox.number(
                    new String(record.headers().lastHeader("ce_id").value(), UTF_8));
            keys[event] = new String(record.key(), UTF_8);
            topic.add(keys[event], place[event]);
        });
        if (topic.different() != place.length) {
            throw new IllegalStateException("of " + place.length + " events the topic has " + topic.different());
        }
        byCommit.forEach(event -> began.add(keys[event], transactions[event]));
        return new Seen(place.length, began.violations(), topic.again(), topic.violations());
    }
}
