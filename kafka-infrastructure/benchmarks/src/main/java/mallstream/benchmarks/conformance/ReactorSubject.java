package mallstream.benchmarks.conformance;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import mallstream.conformance.Oracle;
import mallstream.conformance.Protocol;
import mallstream.conformance.Scenario;
import mallstream.conformance.Setup;
import mallstream.conformance.Subject;
import mallstream.conformance.Tap;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.kafka.receiver.KafkaReceiver;
import reactor.kafka.receiver.ReceiverOptions;
import reactor.kafka.receiver.ReceiverRecord;
import reactor.kafka.receiver.internals.ConsumerFactory;
import reactor.kafka.receiver.internals.DefaultKafkaReceiver;
import reactor.util.retry.Retry;

/** reactor-kafka: a flatMap over the records, with commits deferred until all before are acknowledged. */
public final class ReactorSubject implements Subject {
    private static final String FLAT_MAP =
            "Flux.flatMap subscribes to its inner publishers eagerly and promises no order"
                    + " among them. Javadoc of Flux.flatMap.";
    private static final String DEMAND =
            "Polling stops where the pipeline asks for nothing; no option bounds the records"
                    + " that were received before. Javadoc of ReceiverOptions.";
    private static final String ONE_POSITION = "Out-of-order commits are deferred, and committed is one offset per"
            + " partition. Javadoc of ReceiverOptions.maxDeferredCommits.";
    private static final String MARKERS = "Committed is the offset behind the last handled record; nothing is said of"
            + " offsets without records behind it. Javadoc of ReceiverOptions.";
    private static final String CLIENTS_PAUSE =
            "Its pause is that of the Kafka client, whose Javadoc (KafkaConsumer.pause)"
                    + " says that a rebalance does not preserve it.";
    private static final String OLD_CLIENT = "It is built on kafka-clients 3.9.1, where KIP-848 was a preview, and its"
            + " sources mention no group.protocol.";

    @Override
    public String name() {
        return "reactor-kafka 1.3.25, flatMap";
    }

    @Override
    public String group(String topic) {
        return "reactor." + topic;
    }

    @Override
    public @Nullable String notClaimed(Scenario scenario, Protocol protocol, Oracle oracle) {
        if (oracle == Oracle.ORDER || oracle == Oracle.OVERLAP) {
            return FLAT_MAP;
        }
        if (oracle == Oracle.HELD) {
            return DEMAND;
        }
        if (oracle == Oracle.PAUSED) {
            return CLIENTS_PAUSE;
        }
        if (oracle == Oracle.REPEATED) {
            return ONE_POSITION;
        }
        if (oracle == Oracle.END && (scenario == Scenario.COMMITTED || scenario == Scenario.UNCOMMITTED)) {
            return MARKERS;
        }
        return protocol == Protocol.CONSUMER ? OLD_CLIENT : null;
    }

    @Override
    public Member start(Setup setup) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Scheduler scheduler = Schedulers.fromExecutorService(threads);
        ReceiverOptions<String, String> options = ReceiverOptions.<String, String>create(setup.plain())
                .subscription(List.of(setup.topic()))
                .commitInterval(Duration.ofMillis(200))
                .maxDeferredCommits(100_000);
        KafkaReceiver<String, String> receiver = new DefaultKafkaReceiver<>(new Tapped(setup.tap()), options);
        Disposable running = receiver.receive()
                .flatMap(each -> handled(each, setup, scheduler), setup.inFlight())
                .subscribe();
        return new Pipeline(receiver, running, scheduler, threads, setup.tap());
    }

    private static Mono<Object> handled(ReceiverRecord<String, String> each, Setup setup, Scheduler scheduler) {
        return Mono.fromCallable(() -> {
                    setup.handler().handle(each.partition(), each.offset(), each.key());
                    return (Object) each;
                })
                .subscribeOn(scheduler)
                .retryWhen(Retry.fixedDelay(setup.attempts() - 1, Duration.ofMillis(200)))
                .onErrorReturn(each)
                .doOnNext(done -> each.receiverOffset().acknowledge());
    }

    /** Watched. */
    private static final class Tapped extends ConsumerFactory {
        private final Tap tap;

        Tapped(Tap tap) {
            this.tap = tap;
        }

        @Override
        public <K, V> Consumer<K, V> createConsumer(ReceiverOptions<K, V> options) {
            return tap.around(super.createConsumer(options));
        }
    }

    private record Pipeline(
            KafkaReceiver<String, String> receiver,
            Disposable running,
            Scheduler scheduler,
            ExecutorService threads,
            Tap tap)
            implements Member {
        @Override
        public void pause() {
            receiver.doOnConsumer(client -> {
                        client.pause(client.assignment());
                        return client;
                    })
                    .block(Waiting.PATIENCE);
        }

        @Override
        public void resume() {
            receiver.doOnConsumer(client -> {
                        client.resume(client.assignment());
                        return client;
                    })
                    .block(Waiting.PATIENCE);
        }

        @Override
        public void close() {
            running.dispose();
            Waiting.until(tap::closed);
            scheduler.dispose();
            threads.close();
        }
    }
}
