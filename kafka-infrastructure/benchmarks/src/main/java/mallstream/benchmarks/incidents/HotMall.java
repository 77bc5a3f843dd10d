package mallstream.benchmarks.incidents;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import mallstream.benchmarks.BrokerProcess;
import mallstream.benchmarks.Child;
import mallstream.benchmarks.Cluster;
import mallstream.benchmarks.Event;
import mallstream.benchmarks.Out;
import mallstream.benchmarks.Parameters;
import mallstream.benchmarks.Table;
import mallstream.kafka.consume.Handler;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.MessageListener;

/** 999 malls and one that has 60 % of all orders, keyed by mall: how long do the others wait? */
public final class HotMall {
    private static final int HOT = 0;
    private static final int MALLS = 1_000;
    private static final int PARTITIONS = 8;
    private static final int OTHERS_PER_SECOND = 300;
    private static final int HOT_PER_SECOND = 450;
    private static final int TRANSACTION_MICROS = 5_000;
    private static final int MORE_OF_A_RUN_MICROS = 100;
    private static final int MOST_OF_A_BATCH = 100;
    private static final int WARM_UP_SECONDS = 2;
    private static final int JOIN_SECONDS = 60;
    private static final int PATIENCE_SECONDS = 90;
    private static final long SEED = 20260102;

    private final String bootstrap;
    private final Cluster cluster;
    private final int seconds;
    private final Map<Scenario, Orders> results = new LinkedHashMap<>();

    private HotMall(String bootstrap, Cluster cluster, int seconds) {
        this.bootstrap = bootstrap;
        this.cluster = cluster;
        this.seconds = seconds;
    }

    /** @param arguments none, or {@code --smoke} */
    public static void main(String[] arguments) {
        int seconds = Parameters.of(arguments).number("seconds", 8, 3);
        try (Child broker = BrokerProcess.start()) {
            String bootstrap = BrokerProcess.address(broker);
            try (Cluster cluster = new Cluster(bootstrap)) {
                new HotMall(bootstrap, cluster, seconds).run();
            }
        }
    }

    private void run() {
        Out.line(
                "%d malls send %d orders/s together for %d s, keyed by mall, %d partitions. To apply an order takes %d ms.",
                MALLS - 1, OTHERS_PER_SECOND, seconds + WARM_UP_SECONDS, PARTITIONS, TRANSACTION_MICROS / 1_000);
        Out.line("Where there is a hot mall, it sends another %d orders/s.", HOT_PER_SECOND);
        for (Scenario each : Scenario.values()) {
            Out.line("%n%s:", each.words);
            run(each);
        }
        String[] head = Stream.concat(Stream.of(""), results.keySet().stream().map(each -> each.words))
                .toArray(String[]::new);
        Table table = new Table(head);
        row(table, "other malls, p50", each -> millis(each, 0.5, HotMall::ofOthers));
        row(table, "other malls, p99", each -> millis(each, 0.99, HotMall::ofOthers));
        row(table, "those in its partition, p50", each -> millis(each, 0.5, HotMall::ofNeighbours));
        row(table, "those in its partition, p99", each -> millis(each, 0.99, HotMall::ofNeighbours));
        row(table, "the hot mall, p50", each -> millis(each, 0.5, order -> order.key() == HOT));
        row(table, "the hot mall, p99", each -> millis(each, 0.99, order -> order.key() == HOT));
        row(table, "orders out of turn", each -> Integer.toString(each.violations()));
        Out.line("%nFrom being sent to being applied:%n%n%s", table);
    }

    private void run(Scenario scenario) {
        String topic = scenario.name().toLowerCase(Locale.ROOT).replace('_', '-');
        cluster.create(topic, PARTITIONS);
        int perSecond = OTHERS_PER_SECOND + (scenario.hot ? HOT_PER_SECOND : 0);
        List<Event> events = events(scenario.hot, perSecond);
        Orders orders = new Orders(events, MALLS, WARM_UP_SECONDS * perSecond);
        switch (scenario.service) {
            case PLAIN -> plain(topic, events, perSecond, orders);
            case ENGINE -> engine(topic, 1, events, perSecond, orders);
            case ENGINE_BATCH -> engine(topic, MOST_OF_A_BATCH, events, perSecond, orders);
        }
        results.put(scenario, orders);
    }

    /** A thread per partition, as {@code @KafkaListener(concurrency = "8")}. */
    private void plain(String topic, List<Event> events, int perSecond, Orders orders) {
        MessageListener<byte[], byte[]> apply = message -> {
            Until.work(TRANSACTION_MICROS);
            orders.applied(Plain.event(message));
        };
        try (Plain plain = new Plain(bootstrap, topic, topic, topic, PARTITIONS, Map.of(), AckMode.BATCH, apply)) {
            Until.holds("partitions", JOIN_SECONDS, () -> plain.partitions() == PARTITIONS);
            traffic(topic, events, perSecond, orders);
        }
    }

    private void engine(String topic, int batch, List<Event> events, int perSecond, Orders orders) {
        Handler<Event> apply = run -> {
            // A transaction per mall: its orders follow each other in a batch.
            run.stream()
                    .collect(groupingBy(Event::key, LinkedHashMap::new, toCollection(ArrayList::new)))
                    .values()
                    .forEach(ofMall -> {
                        Until.work(TRANSACTION_MICROS + (ofMall.size() - 1L) * MORE_OF_A_RUN_MICROS);
                        ofMall.forEach(orders::applied);
                    });
            return Engine.done(run.size());
        };
        try (Engine engine = new Engine(bootstrap, topic, topic, batch, Map.of("max-in-flight", PARTITIONS), apply)) {
            Until.holds(
                    "partitions",
                    JOIN_SECONDS,
                    () -> engine.quickView().partitions().stream()
                                    .filter(each -> each.topic().equals(topic))
                                    .count()
                            == PARTITIONS);
            traffic(topic, events, perSecond, orders);
        }
    }

    private void traffic(String topic, List<Event> events, int perSecond, Orders orders) {
        long start = System.nanoTime();
        Traffic.send(bootstrap, topic, events, perSecond, orders::sent);
        Out.line(
                "  %,d orders sent within %.1f s; then %,d were not applied yet",
                events.size(), (System.nanoTime() - start) / 1e9, events.size() - orders.count());
        Until.holds("all applied", PATIENCE_SECONDS, () -> orders.count() >= events.size());
        Out.line("  all applied after %.1f s", (System.nanoTime() - start) / 1e9);
    }

    private List<Event> events(boolean hot, int perSecond) {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] turns = new int[MALLS];
        List<Event> events = new ArrayList<>();
        for (int number = 0; number < perSecond * (seconds + WARM_UP_SECONDS); number++) {
            boolean ofHot = hot && random.nextInt(perSecond) < HOT_PER_SECOND;
            int mall = ofHot ? HOT : 1 + random.nextInt(MALLS - 1);
            events.add(new Event(number, mall, turns[mall]++, 0));
        }
        return events;
    }

    private static boolean ofOthers(Event order) {
        return order.key() != HOT;
    }

    private static boolean ofNeighbours(Event order) {
        return order.key() != HOT && partition(order) == partition(new Event(0, HOT, 0, 0));
    }

    private static int partition(Event order) {
        return BuiltInPartitioner.partitionForKey(order.keyBytes(), PARTITIONS);
    }

    private void row(Table table, String name, Function<Orders, String> cell) {
        table.row(Stream.concat(Stream.of(name), results.values().stream().map(cell))
                .toArray());
    }

    private static String millis(Orders orders, double share, Predicate<Event> which) {
        double millis = orders.millis(share, which);
        return Double.isNaN(millis) ? "" : Out.text("%,.0f ms", millis);
    }

    private enum Service {
        PLAIN,
        ENGINE,
        ENGINE_BATCH
    }

    private enum Scenario {
        PLAIN("plain", Service.PLAIN, false),
        PLAIN_HOT("plain, hot mall", Service.PLAIN, true),
        ENGINE("engine", Service.ENGINE, false),
        ENGINE_HOT("engine, hot mall", Service.ENGINE, true),
        ENGINE_BATCH_HOT("engine, batches, hot mall", Service.ENGINE_BATCH, true);

        private final String words;
        private final Service service;
        private final boolean hot;

        Scenario(String words, Service service, boolean hot) {
            this.words = words;
            this.service = service;
            this.hot = hot;
        }
    }
}
