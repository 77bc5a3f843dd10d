package mallstream.benchmarks.peers;

import mallstream.kafka.Permitted;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.kafka.receiver.ReceiverRecord;

/** A virtual thread per record, bounded by flatMap. */
public final class ReactorFlatMap extends ReactorReceiver {
    @Override
    @Permitted(reason = "a virtual thread per record in flight; flatMap bounds them")
    Flux<?> flow(Flux<ReceiverRecord<byte[], byte[]>> records, Settings settings) {
        Scheduler threads = Schedulers.fromExecutor(Thread::startVirtualThread);
        return records.flatMap(
                record -> Mono.fromRunnable(() -> {
                            settings.job().work(record.value());
                            record.receiverOffset().acknowledge();
                        })
                        .subscribeOn(threads),
                settings.maxInFlight());
    }
}
