package mallstream.benchmarks.conformance;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.confluent.parallelconsumer.RecordContext;
import java.time.Duration;
import java.util.List;
import mallstream.conformance.Oracle;
import mallstream.conformance.Protocol;
import mallstream.conformance.Scenario;
import mallstream.conformance.Setup;
import mallstream.conformance.Subject;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;

/** Confluent's parallel-consumer, ordered by key. */
public final class ParallelSubject implements Subject {
    private static final String NO_BOUND =
            "Its options bound the calls at a time (maxConcurrency); none bounds the records"
                    + " that were received and wait. Javadoc of ParallelConsumerOptions 0.5.3.3.";
    private static final String MARKERS = "Committed is the offset behind the last handled record; nothing is said of"
            + " offsets without records behind it. Javadoc of ParallelConsumerOptions.";
    private static final String OLD_CLIENT = "It is built on kafka-clients 3.9.1, where KIP-848 was a preview, and its"
            + " sources mention no group.protocol.";

    @Override
    public String name() {
        return "parallel-consumer 0.5.3.3, by key";
    }

    @Override
    public String group(String topic) {
        return "parallel." + topic;
    }

    @Override
    public @Nullable String notClaimed(Scenario scenario, Protocol protocol, Oracle oracle) {
        if (oracle == Oracle.HELD) {
            return NO_BOUND;
        }
        if (oracle == Oracle.END && (scenario == Scenario.COMMITTED || scenario == Scenario.UNCOMMITTED)) {
            return MARKERS;
        }
        return protocol == Protocol.CONSUMER ? OLD_CLIENT : null;
    }

    @Override
    public Member start(Setup setup) {
        ParallelStreamProcessor<String, String> processor =
                ParallelStreamProcessor.createEosStreamProcessor(ParallelConsumerOptions.<String, String>builder()
                        .consumer(setup.tap().around(new KafkaConsumer<String, String>(setup.plain())))
                        .ordering(ProcessingOrder.KEY)
                        .maxConcurrency(setup.inFlight())
                        .commitInterval(Duration.ofMillis(200))
                        .retryDelayProvider(any -> Duration.ofMillis(200))
                        .build());
        processor.subscribe(List.of(setup.topic()));
        processor.poll(context -> handle(context.getSingleRecord(), setup));
        return new Processor(processor);
    }

    /** There is no bound of attempts among its options, so its user counts. */
    private static void handle(RecordContext<String, String> each, Setup setup) {
        try {
            setup.handler().handle(each.partition(), each.offset(), each.key());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (IllegalStateException e) {
            if (each.getNumberOfFailedAttempts() + 1 < setup.attempts()) {
                throw e;
            }
        }
    }

    private record Processor(ParallelStreamProcessor<String, String> processor) implements Member {
        @Override
        public void pause() {
            processor.pauseIfRunning();
        }

        @Override
        public void resume() {
            processor.resumeIfPaused();
        }

        @Override
        public void close() {
            processor.close();
        }
    }
}
