package mallstream.benchmarks;

import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import mallstream.benchmarks.engine.EngineCandidate;
import mallstream.benchmarks.peers.ParallelConsumer;
import mallstream.benchmarks.peers.PlainLoop;
import mallstream.benchmarks.peers.ReactorBuffer;
import mallstream.benchmarks.peers.ReactorFlatMap;
import mallstream.benchmarks.peers.SemaphorePerRecord;
import mallstream.benchmarks.peers.SpringBatch;
import mallstream.benchmarks.peers.SpringRecord;
import mallstream.kafka.consume.core.Progress;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** What can be measured. */
@SuppressWarnings(
        "ImmutableEnumChecker") // Neither the makers nor the settings change; the checker knows no such types.
enum Candidates {
    /** The client's poll loop, the handler called in it: what the client gives, and the limit where there is no work. */
    PLAIN(false, PlainLoop::new),
    /** spring-kafka's batch listener, a chunk at a time on virtual threads. */
    SPRING_BATCH(false, SpringBatch::new),
    /** spring-kafka's record listener, one record after the other. */
    SPRING_RECORD(false, SpringRecord::new),
    /** Confluent's parallel consumer, ordered by key. */
    PARALLEL_CONSUMER(true, () -> new ParallelConsumer(true)),
    /** Confluent's parallel consumer without order. */
    PARALLEL_CONSUMER_UNORDERED(false, () -> new ParallelConsumer(false)),
    /** reactor-kafka, so many records at the same time. */
    REACTOR_FLATMAP(false, ReactorFlatMap::new),
    /** reactor-kafka, a buffer at a time. */
    REACTOR_BUFFER(false, ReactorBuffer::new),
    /** The incident: a virtual thread per record, each waiting for a semaphore. */
    SEMAPHORE(false, SemaphorePerRecord::new),
    /** The engine with a call per record, ordered by key. */
    ENGINE(true, EngineCandidate::new),
    /** The engine with a call per record, without order. */
    ENGINE_NONE(false, EngineCandidate::new, Map.of("ordering", "none")),
    /** The engine with calls of several records, ordered by key. */
    ENGINE_BATCH(true, EngineCandidate::new, Map.of("batch.max-size", "100"));

    private final boolean ordered;
    private final Supplier<Candidate> maker;
    private final Map<String, String> options;

    Candidates(boolean ordered, Supplier<Candidate> maker) {
        this(ordered, maker, Map.of());
    }

    Candidates(boolean ordered, Supplier<Candidate> maker, Map<String, String> options) {
        this.ordered = ordered;
        this.maker = maker;
        this.options = options;
    }

    /** Makes one. */
    Candidate make() {
        return maker.get();
    }

    /** Whether it says that it keeps the order of a key while it works on many. */
    boolean ordered() {
        return ordered;
    }

    /** Whether it is this engine. */
    boolean ours() {
        return word().startsWith("engine");
    }

    /** What is set besides the bounds. */
    Map<String, String> options() {
        return options;
    }

    /**
     * What a commit of its says.
     *
     * @param trial whose group it is
     * @param offset what the broker has
     */
    Committed committed(Trial trial, OffsetAndMetadata offset) {
        if (!ours()) {
            return Committed.at(offset.offset());
        }
        Progress progress = Progress.parse(offset.offset(), offset.metadata(), EngineCandidate.owner(trial.name()));
        return new Committed(
                progress.frontier(),
                progress.end(),
                progress.open(),
                offset.metadata().length());
    }

    /** As it is written in a setting and in a table. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * @param word as {@link #word} gives it
     * @return the candidate of that name
     */
    static Candidates of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
