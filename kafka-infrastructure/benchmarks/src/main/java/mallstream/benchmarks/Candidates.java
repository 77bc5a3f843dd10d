package mallstream.benchmarks;

import java.util.Locale;
import mallstream.benchmarks.container.Container;
import mallstream.benchmarks.engine.EngineCandidate;
import mallstream.kafka.consume.core.Progress;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** What can be measured. */
enum Candidates {
    /** The first version's: a batch at a time, its records one after the other. */
    CONTAINER(false) {
        @Override
        Candidate make() {
            return new Container();
        }
    },
    /** The engine: a call per record, of many keys at a time. */
    ENGINE(true) {
        @Override
        Candidate make() {
            return new EngineCandidate();
        }

        @Override
        Committed committed(Trial trial, OffsetAndMetadata offset) {
            Progress progress = Progress.parse(offset.offset(), offset.metadata(), EngineCandidate.owner(trial.name()));
            return new Committed(
                    progress.frontier(),
                    progress.end(),
                    progress.open(),
                    offset.metadata().length());
        }
    };

    private final boolean parallel;

    Candidates(boolean parallel) {
        this.parallel = parallel;
    }

    /** Makes one. */
    abstract Candidate make();

    /**
     * What a commit of its says.
     *
     * @param trial whose group it is
     * @param offset what the broker has
     */
    Committed committed(Trial trial, OffsetAndMetadata offset) {
        return Committed.at(offset.offset());
    }

    /**
     * How many records it can work on at a time.
     *
     * @param maxInFlight what it may
     */
    int parallelism(int maxInFlight) {
        return parallel ? maxInFlight : 1;
    }

    /**
     * Most records of one call.
     *
     * @param maxInFlight most records in flight
     */
    int batch(int maxInFlight) {
        return parallel ? 1 : maxInFlight;
    }

    /** As it is written in a setting and in a table. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param word as {@link #word} gives it
     * @return the candidate of that name
     */
    static Candidates of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
