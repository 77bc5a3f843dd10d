package mallstream.benchmarks.incidents;

import ch.qos.logback.classic.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mallstream.benchmarks.BrokerProcess;
import mallstream.benchmarks.Child;
import mallstream.benchmarks.Cluster;
import mallstream.benchmarks.Event;
import mallstream.benchmarks.Out;
import mallstream.benchmarks.Parameters;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.MessageListener;

/** A second service with a copied group id: beside a plain listener, and beside the engine. */
public final class Starved {
    private static final String COUPON = "coupon";
    private static final String COPY = "brand-webhook";
    private static final int PARTITIONS = 8;
    private static final int PER_SECOND = 1_000;
    private static final int PATIENCE_SECONDS = 90;
    private static final int SHOWN = 400;

    private final String bootstrap;
    private final Cluster cluster;
    private final int events;
    private final Heard heard = Heard.now();
    private long began;
    private int number;
    private long sentAt;

    private Starved(String bootstrap, Cluster cluster, int events) {
        this.bootstrap = bootstrap;
        this.cluster = cluster;
        this.events = events;
    }

    /** @param arguments none, or {@code --smoke} */
    public static void main(String[] arguments) {
        int events = Parameters.of(arguments).number("records", 1_000, 200);
        try (Child broker = BrokerProcess.start()) {
            String bootstrap = BrokerProcess.address(broker);
            try (Cluster cluster = new Cluster(bootstrap)) {
                Starved program = new Starved(bootstrap, cluster, events);
                program.plain();
                program.comesLater();
                program.wasThereFirst();
            }
        }
    }

    private void plain() {
        chapter("A plain listener, group id '%s', issues a coupon per sign-up.", COUPON);
        cluster.create("sign-ups", PARTITIONS);
        Set<Integer> coupons = ConcurrentHashMap.newKeySet();
        MessageListener<byte[], byte[]> issue =
                message -> coupons.add(Plain.event(message).number());
        try (Plain coupon = service(COUPON, COUPON, "sign-ups", 1, Map.of(), issue)) {
            Until.holds("partitions", PATIENCE_SECONDS, () -> coupon.partitions() == PARTITIONS);
            send("sign-ups");
            Until.holds("coupons", PATIENCE_SECONDS, () -> coupons.size() == events);
            say("%,d sign-ups, %,d coupons. It has %d partitions.", events, coupons.size(), coupon.partitions());
            coupons.clear();
            AtomicInteger webhooks = new AtomicInteger();
            try (Plain copy = copy(COUPON, "sign-ups", PARTITIONS, Map.of(), webhooks)) {
                say("'%s' starts: a copy with 8 threads, its own listener, and the same group id.", COPY);
                Until.holds("its partitions", PATIENCE_SECONDS, () -> copy.partitions() == PARTITIONS);
                send("sign-ups");
                Until.holds("all taken", PATIENCE_SECONDS, () -> webhooks.get() + coupons.size() == events);
                Until.holds("all committed", PATIENCE_SECONDS, () -> lag(COUPON, "sign-ups") == 0);
                say("%,d sign-ups, %,d coupons; the webhook got %,d.", events, coupons.size(), webhooks.get());
                say(
                        "'%s' has %d of %d partitions. Container running as expected: %s. Lag of the group: %d.",
                        COUPON, coupon.partitions(), PARTITIONS, coupon.healthy(), lag(COUPON, "sign-ups"));
                say(
                        "Warnings and errors in the logs since the start: %d of '%s', %d of '%s'.",
                        heard.of(COUPON, Level.WARN, "").size(),
                        COUPON,
                        heard.of(COPY, Level.WARN, "").size(),
                        COPY);
                say("Its last lines about partitions, at INFO, are what every deployment writes:");
                last(heard.of(COUPON, Level.INFO, "partitions "), 2);
            }
        }
    }

    private void comesLater() {
        String topic = "sign-ups-of-the-engine";
        String group = Engine.group(COUPON);
        chapter("The engine has the reaction '%s'; its group is %s.", COUPON, group);
        cluster.create(topic, PARTITIONS);
        Coupons coupons = new Coupons();
        try (Engine engine = coupons.engine(COUPON, topic)) {
            Until.holds(
                    "partitions",
                    PATIENCE_SECONDS,
                    () -> engine.quickView().partitions().stream()
                                    .filter(each -> each.topic().equals(topic))
                                    .count()
                            == PARTITIONS);
            send(topic);
            coupons.all("nobody else is there");
            AtomicInteger taken = new AtomicInteger();
            int known = heard.of(COPY, Level.ERROR, "").size();
            try (Plain copy = copy(group, topic, 2, Map.of(), taken)) {
                say("'%s' starts with that group id and the usual protocol.", COPY);
                Until.holds(
                        "its error",
                        PATIENCE_SECONDS,
                        () -> heard.of(COPY, Level.ERROR, "").size() > known);
                say("The broker does not let it in. Its own log:");
                last(heard.of(COPY, Level.ERROR, "").subList(known, known + 1), 1);
                send(topic);
                coupons.all("the copy tries again and again");
                say("The copy got %d records and has %d partitions.", taken.get(), copy.partitions());
                state(engine);
            }
            try (Plain copy = copy(group, topic, 2, Map.of("group.protocol", "consumer"), taken)) {
                long came = System.nanoTime();
                say("'%s' starts again, now with the protocol of KIP-848, which the broker lets in.", COPY);
                Until.holds("it has partitions", PATIENCE_SECONDS, () -> copy.partitions() > 0);
                send(topic);
                named(COUPON, came);
                coupons.all("the copy is still there");
                say("The copy got %d records.", taken.get());
                state(engine);
            }
        }
    }

    private void wasThereFirst() {
        String topic = "sign-ups-of-points";
        String name = "points";
        String group = Engine.group(name);
        chapter("A copy is there first: '%s' runs with the group id %s.", COPY, group);
        cluster.create(topic, PARTITIONS);
        AtomicInteger taken = new AtomicInteger();
        Coupons points = new Coupons();
        try (Plain copy = copy(group, topic, 2, Map.of(), taken)) {
            Until.holds("its partitions", PATIENCE_SECONDS, () -> copy.partitions() == PARTITIONS);
            send(topic);
            Until.holds("all taken", PATIENCE_SECONDS, () -> taken.get() == events && lag(group, topic) == 0);
            say("%,d sign-ups; the copy took all and committed them.", events);
            long came = System.nanoTime();
            try (Engine engine = points.engine(name, topic)) {
                say("The engine's '%s' starts.", name);
                named(name, came);
                points.all("the copy is still there");
                state(engine);
            }
        }
    }

    private void named(String name, long from) {
        String words = name + ": a stranger";
        Until.holds(
                "named",
                PATIENCE_SECONDS,
                () -> !heard.ofEngine(Level.WARN, words).isEmpty());
        say("The engine names it %.1f s after that; its log:", (System.nanoTime() - from) / 1e9);
        last(heard.ofEngine(Level.WARN, words), 1);
    }

    private void state(Engine engine) {
        say("The engine's health: %s:", engine.quickView().state());
        last(List.of(engine.quickView().reason()), 1);
    }

    private Plain copy(String group, String topic, int threads, Map<String, Object> more, AtomicInteger taken) {
        MessageListener<byte[], byte[]> take = message -> taken.incrementAndGet();
        return service(COPY, group, topic, threads, more, take);
    }

    private Plain service(
            String name,
            String group,
            String topic,
            int threads,
            Map<String, Object> more,
            MessageListener<byte[], byte[]> listener) {
        return new Plain(bootstrap, name, group, topic, threads, more, AckMode.BATCH, listener);
    }

    private void send(String topic) {
        List<Event> next = IntStream.range(number, number + events)
                .mapToObj(each -> new Event(each, each, 0, 0))
                .toList();
        number += events;
        Traffic.send(bootstrap, topic, next, PER_SECOND, event -> {});
        sentAt = System.nanoTime();
    }

    private long lag(String group, String topic) {
        long committed = cluster.committed(group, topic).values().stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
        return cluster.ends(topic).values().stream().mapToLong(Long::longValue).sum() - committed;
    }

    private void chapter(String format, Object... values) {
        Out.print("");
        Out.line(format, values);
        began = System.nanoTime();
    }

    private void say(String format, Object... values) {
        Out.print(Out.text("%6.1f s  ", (System.nanoTime() - began) / 1e9) + Out.text(format, values));
    }

    private static void last(List<String> lines, int count) {
        for (String line : lines.subList(Math.max(0, lines.size() - count), lines.size())) {
            String first = line.lines().findFirst().orElse("");
            Out.print("            " + (first.length() > SHOWN ? first.substring(0, SHOWN) + " ..." : first));
        }
    }

    /** What the engine's handler issues. */
    private final class Coupons {
        private final Set<Integer> issued = ConcurrentHashMap.newKeySet();
        private final AtomicInteger calls = new AtomicInteger();
        private int expected;

        Engine engine(String name, String topic) {
            return new Engine(bootstrap, name, topic, 1, Map.of(), Engine.one(event -> {
                issued.add(event.number());
                calls.incrementAndGet();
            }));
        }

        /** Waits until everything that was sent since the last time is served too. */
        void all(String when) {
            expected += events;
            Until.holds("all served", PATIENCE_SECONDS, () -> issued.size() == expected);
            say(
                    "%,d of %,d sign-ups served %.1f s after the last was sent; %s. Handled twice so far: %,d.",
                    events, events, (System.nanoTime() - sentAt) / 1e9, when, calls.get() - issued.size());
        }
    }
}
