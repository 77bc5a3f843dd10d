package mallstream.kafka.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import mallstream.kafka.Topics;
import mallstream.kafka.consume.core.Ending;
import mallstream.kafka.consume.core.Source;

/** The figures of one subscription. One instance lives as long as the subscription, over all its memberships. */
final class ConsumeMeters {
    private final MeterRegistry registry;
    private final Tags tags;
    private final DistributionSummary batchSize;
    private final Counter retries;
    private final Counter stolen;
    private final Map<Ending, Tally> finished = new EnumMap<>(Ending.class);
    private final AtomicInteger pausedPartitions = new AtomicInteger();
    private final AtomicInteger foreignMembers = new AtomicInteger();
    private final Map<Source, Lag> lags = new ConcurrentHashMap<>();
    private final MultiGauge hotShare;
    private final MultiGauge hotPerSecond;
    private final MultiGauge hotWait;

    ConsumeMeters(MeterRegistry registry, String subscription) {
        this.registry = registry;
        this.tags = Tags.of("subscription", subscription);
        batchSize = DistributionSummary.builder("mallstream.consume.batch.size")
                .description("Records of one call of the handler")
                .tags(tags)
                .register(registry);
        retries = Counter.builder("mallstream.consume.retries")
                .description("Attempts that failed and are made again")
                .tags(tags)
                .register(registry);
        stolen = Counter.builder("mallstream.consume.stolen.records")
                .description("Offsets that a stranger committed and that are handled all the same")
                .tags(tags)
                .register(registry);
        hotShare = rows("mallstream.consume.hot.share", "Part of the recent records that have this key, 0 to 1");
        hotPerSecond = rows("mallstream.consume.hot.per.second", "Records of this key per second, of late");
        hotWait = rows(
                "mallstream.consume.hot.wait.seconds",
                "Mean time between receipt and call of the recent records of this key");
        for (Ending each : Ending.values()) {
            finished.put(
                    each,
                    new Tally(Counter.builder("mallstream.consume.records")
                            .description("Records finished")
                            .tags(tags.and(
                                    "outcome",
                                    each.name().toLowerCase(Locale.ROOT).replace('_', '-')))
                            .register(registry)));
        }
        gauge(
                "mallstream.consume.paused.partitions",
                "Partitions of which nothing is fetched now",
                pausedPartitions,
                AtomicInteger::get);
        gauge(
                "mallstream.consume.foreign.members",
                "Members of the group that are not ours",
                foreignMembers,
                AtomicInteger::get);
    }

    /** Shows what the engine knows; a gauge asks when it is looked at. */
    void show(Handling<?> handling) {
        gauge(
                "mallstream.consume.held",
                "Records received and not yet finished",
                handling,
                it -> it.ask(() -> it.engine().held()));
        gauge(
                "mallstream.consume.held.max",
                "Most records ever held",
                handling,
                it -> it.ask(() -> it.engine().heldMost()));
        gauge(
                "mallstream.consume.in.flight",
                "Calls of the handler that run",
                handling,
                it -> it.ask(() -> it.engine().inFlight()));
        gauge(
                "mallstream.consume.oldest.age.seconds",
                "Since the oldest unfinished record was received",
                handling,
                Handling::oldestAgeSeconds);
    }

    /** Notes that a record is finished. It is counted by {@link #tell}; one thread at a time calls the two. */
    void finished(Ending ending) {
        Tally tally = finished.get(ending);
        if (tally != null) {
            tally.noted++;
        }
    }

    /** Counts what was noted: a counter is made for many threads, which costs too much for each single record. */
    void tell() {
        for (Tally each : finished.values()) {
            if (each.noted > 0) {
                each.counter.increment(each.noted);
                each.noted = 0;
            }
        }
    }

    void deadLetter(String reason) {
        Counter.builder("mallstream.consume.dead.letters")
                .description("Records sent to the dead-letter topic")
                .tags(tags.and("reason", reason))
                .register(registry)
                .increment();
    }

    void retry() {
        retries.increment();
    }

    void stolen(long records) {
        stolen.increment((double) records);
    }

    void batch(int records) {
        batchSize.record(records);
    }

    void paused(int partitions) {
        pausedPartitions.set(partitions);
    }

    void foreignMembers(int members) {
        foreignMembers.set(members);
    }

    void lag(Source source, long records) {
        lags.computeIfAbsent(source, this::lagOf).records.set(records);
    }

    /** Records behind the end of a partition, as far as is known here. */
    OptionalLong lag(Source source) {
        Lag lag = lags.get(source);
        return lag == null ? OptionalLong.empty() : OptionalLong.of(lag.records.get());
    }

    /** A partition that another instance serves has no lag here: a gauge that stands still would tell lies. */
    void forgetLag(Source source) {
        Lag lag = lags.remove(source);
        if (lag != null) {
            registry.remove(lag.gauge);
        }
    }

    /** Shows these keys and no others. */
    void hot(List<ConsumerControl.HotKey> keys) {
        register(hotShare, keys, ConsumerControl.HotKey::share);
        register(hotPerSecond, keys, ConsumerControl.HotKey::perSecond);
        register(hotWait, keys, ConsumerControl.HotKey::waitMean);
    }

    private static void register(
            MultiGauge gauge, List<ConsumerControl.HotKey> keys, ToDoubleFunction<ConsumerControl.HotKey> value) {
        gauge.register(
                keys.stream()
                        .map(each -> MultiGauge.Row.of(Tags.of("key", each.key()), value.applyAsDouble(each)))
                        .toList(),
                true);
    }

    private MultiGauge rows(String name, String description) {
        return MultiGauge.builder(name).description(description).tags(tags).register(registry);
    }

    private Lag lagOf(Source source) {
        AtomicLong records = new AtomicLong();
        String topic = Topics.isReplay(source.topic()) ? "replay-" : "";
        Gauge gauge = Gauge.builder("mallstream.consume.lag", records, AtomicLong::get)
                .description("Records behind the end of the partition")
                .tags(tags.and("partition", topic + source.partition()))
                .register(registry);
        return new Lag(records, gauge);
    }

    private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value).description(description).tags(tags).register(registry);
    }

    private static final class Tally {
        private final Counter counter;
        private int noted;

        private Tally(Counter counter) {
            this.counter = counter;
        }
    }

    private record Lag(AtomicLong records, Gauge gauge) {}
}
