package mallstream.bootstrap.system;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Asks every instance four times a second which partitions it serves, at the management endpoint, and so learns for how
 * long nobody served a partition. What an instance says counts from one answer to its next; one that is dead, frozen or
 * cut off serves nothing since its last answer. So a gap is never shown too small by more than an answer of an instance
 * that does not know yet that it has lost its partitions, and it is up to half a second too large.
 */
final class Watch implements AutoCloseable {
    private static final long PERIOD_MILLIS = 250;
    /** Figures are read with every eighth answer. */
    private static final int FIGURES = 8;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, List<Span>> served = new TreeMap<>();
    private final long started = now();

    /** @param instances the ones to be watched, all of them started */
    Watch(List<Instance> instances) {
        instances.forEach(each -> threads.add(Thread.ofVirtual().name("watch").start(() -> follow(each))));
    }

    /** From and to in milliseconds of one clock. */
    private record Span(long from, long to) {}

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void follow(Instance instance) {
        Set<String> before = Set.of();
        Instance.Life of = instance.life();
        long at = now();
        int asked = 0;
        while (!closedWithin(Math.max(0, at + PERIOD_MILLIS - now()))) {
            Instance.Life life = instance.life();
            if (life != of || instance.cutOff()) {
                before = Set.of();
                of = life;
            }
            Set<String> found = instance.cutOff() ? Set.of() : partitions(life);
            long answered = now();
            for (String each : found) {
                served(each, new Span(before.contains(each) ? at : answered, answered));
            }
            before = found;
            at = answered;
            if (++asked % FIGURES == 0) {
                life.readFigures();
            }
        }
    }

    private boolean closedWithin(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static Set<String> partitions(Instance.Life life) {
        Set<String> found = new HashSet<>();
        try {
            JsonNode answer = life.management.get("/actuator/consumers").json();
            for (JsonNode consumer : answer.path("consumers")) {
                for (JsonNode partition : consumer.path("partitions")) {
                    if (!partition.path("topic").asString().endsWith(".replay")) {
                        found.add(consumer.path("name").asString() + "/"
                                + partition.path("partition").asInt());
                    }
                }
            }
        } catch (UncheckedIOException | JacksonException e) {
            return Set.of();
        }
        return found;
    }

    private synchronized void served(String partition, Span span) {
        served.computeIfAbsent(partition, it -> new ArrayList<>()).add(span);
    }

    /**
     * For how long a partition of a subscription was served by nobody, each time that happened since the start.
     *
     * @return milliseconds, the shortest first
     */
    synchronized List<Long> gaps() {
        List<Long> gaps = new ArrayList<>();
        for (List<Span> spans : served.values()) {
            long covered = started;
            spans.sort(Comparator.comparingLong(Span::from));
            for (Span each : spans) {
                // Until the first answers came nobody had been asked.
                if (each.from() > covered && covered != started) {
                    gaps.add(each.from() - covered);
                }
                covered = Math.max(covered, each.to());
            }
        }
        gaps.sort(null);
        return gaps;
    }

    /** How many partitions of subscriptions were seen. */
    synchronized int partitions() {
        return served.size();
    }

    @Override
    public void close() {
        closed.countDown();
        for (Thread each : threads) {
            try {
                each.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
