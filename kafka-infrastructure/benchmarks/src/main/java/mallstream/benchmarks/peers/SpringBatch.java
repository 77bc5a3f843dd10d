package mallstream.benchmarks.peers;

import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.GenericMessageListener;

/** spring-kafka's batch listener: a poll's records on virtual threads, as many at a time as may be in flight, then the next ones. */
public final class SpringBatch extends SpringListener {
    @Override
    GenericMessageListener<?> listener(Settings settings) {
        int most = settings.maxInFlight();
        BatchMessageListener<byte[], byte[]> listener = records -> {
            for (int from = 0; from < records.size(); from += most) {
                try {
                    Together.work(records.subList(from, Math.min(records.size(), from + most)), settings.job());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("stopped at work", e);
                }
            }
        };
        return listener;
    }
}
