package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import mallstream.kafka.Broker;
import mallstream.kafka.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What the instances must remember together, in the compacted topic {@link Topics#CONTROL}. */
final class ControlLog {
    private final Broker broker;

    ControlLog(Broker broker) {
        this.broker = broker;
    }

    /** Every value of a key that is still there, oldest first. */
    List<byte[]> read(String key) {
        byte[] wanted = key.getBytes(UTF_8);
        return broker.readAll(Topics.CONTROL).stream()
                .filter(each -> Arrays.equals(each.key(), wanted))
                .map(each -> each.value())
                .filter(Objects::nonNull)
                .toList();
    }

    /** Writes a value and waits until it is safe. */
    void write(String key, byte[] value) {
        broker.sendAndWait(new ProducerRecord<>(Topics.CONTROL, key.getBytes(UTF_8), value));
    }
}
