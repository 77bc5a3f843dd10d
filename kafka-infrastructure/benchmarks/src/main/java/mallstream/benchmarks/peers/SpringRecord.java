package mallstream.benchmarks.peers;

import org.springframework.kafka.listener.GenericMessageListener;
import org.springframework.kafka.listener.MessageListener;

/** spring-kafka's record listener: one record after the other, on the poll thread. */
public final class SpringRecord extends SpringListener {
    @Override
    GenericMessageListener<?> listener(Settings settings) {
        MessageListener<byte[], byte[]> listener = record -> settings.job().work(record.value());
        return listener;
    }
}
