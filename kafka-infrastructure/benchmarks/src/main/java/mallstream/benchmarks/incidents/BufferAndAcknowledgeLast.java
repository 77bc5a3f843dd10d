package mallstream.benchmarks.incidents;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mallstream.benchmarks.Event;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.support.Acknowledgment;

/**
 * Collects records, works on them when there are enough, and acknowledges the last one. An acknowledgement is for one
 * record of one partition: what the buffer held of the other partitions is not committed.
 */
final class BufferAndAcknowledgeLast {
    private final List<Event> buffer = new ArrayList<>();
    private final int size;
    private final Consumer<Event> handler;

    /**
     * @param size records of a full buffer
     * @param handler what is done with each
     */
    BufferAndAcknowledgeLast(int size, Consumer<Event> handler) {
        this.size = size;
        this.handler = handler;
    }

    /** Called by the listener container, on the thread that polls. */
    void onMessage(ConsumerRecord<byte[], byte[]> message, Acknowledgment acknowledgment) {
        buffer.add(Plain.event(message));
        if (buffer.size() == size) {
            buffer.forEach(handler);
            buffer.clear();
            acknowledgment.acknowledge();
        }
    }
}
