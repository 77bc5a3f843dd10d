package mallstream.benchmarks.container;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The figures of one subscription. One instance lives as long as the subscription, over all its containers. */
final class ConsumeMeters {
    private final MeterRegistry registry;
    private final Tags tags;
    private final DistributionSummary batchSize;
    private final Counter retries;
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger heldMost = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger pausedPartitions = new AtomicInteger();
    private final Map<Integer, Lag> lags = new ConcurrentHashMap<>();

    ConsumeMeters(MeterRegistry registry, String subscription) {
        this.registry = registry;
        this.tags = Tags.of("subscription", subscription);
        batchSize = DistributionSummary.builder("mallstream.consume.batch.size")
                .description("Events of one call of the handler")
                .tags(tags)
                .register(registry);
        retries = Counter.builder("mallstream.consume.retries")
                .description("Attempts that failed and are made again")
                .tags(tags)
                .register(registry);
        gauge("mallstream.consume.held", "Records received and not yet finished", held);
        gauge("mallstream.consume.held.max", "Most records ever held", heldMost);
        gauge("mallstream.consume.in.flight", "Records given to the handler", inFlight);
        gauge("mallstream.consume.paused.partitions", "Partitions that wait for a retry", pausedPartitions);
        for (Outcome outcome : Outcome.values()) {
            counter(outcome);
        }
    }

    void finished(Outcome outcome) {
        counter(outcome).increment();
    }

    void deadLetter(String reason) {
        Counter.builder("mallstream.consume.dead.letters")
                .description("Records sent to the dead-letter topic")
                .tags(tags.and("reason", reason))
                .register(registry)
                .increment();
        finished(Outcome.DEAD_LETTER);
    }

    void retry() {
        retries.increment();
    }

    void call(int events) {
        batchSize.record(events);
        inFlight.set(events);
    }

    void called() {
        inFlight.set(0);
    }

    void held(int records) {
        held.set(records);
        heldMost.accumulateAndGet(records, Math::max);
    }

    void paused(int partitions) {
        pausedPartitions.set(partitions);
    }

    void lag(int partition, long records) {
        lags.computeIfAbsent(partition, this::lagOf).records.set(records);
    }

    /** A partition that another instance serves has no lag here: a gauge that stands still would tell lies. */
    void forgetLag(int partition) {
        Lag lag = lags.remove(partition);
        if (lag != null) {
            registry.remove(lag.gauge);
        }
    }

    private Lag lagOf(int partition) {
        AtomicLong records = new AtomicLong();
        Gauge gauge = Gauge.builder("mallstream.consume.lag", records, AtomicLong::get)
                .description("Records behind the end of the partition")
                .tags(tags.and("partition", Integer.toString(partition)))
                .register(registry);
        return new Lag(records, gauge);
    }

    private Counter counter(Outcome outcome) {
        return Counter.builder("mallstream.consume.records")
                .description("Records finished")
                .tags(tags.and("outcome", outcome.tag))
                .register(registry);
    }

    private void gauge(String name, String description, AtomicInteger value) {
        Gauge.builder(name, value, AtomicInteger::get)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** How a record was finished. */
    enum Outcome {
        DONE("done"),
        ALREADY_DONE("already-done"),
        DEAD_LETTER("dead-letter");

        private final String tag;

        Outcome(String tag) {
            this.tag = tag;
        }
    }

    private record Lag(AtomicLong records, Gauge gauge) {}
}
