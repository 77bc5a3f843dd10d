package mallstream.order.model;

/**
 * A place in a stream of orders.
 *
 * @param stream name of the topic, or of the feed that was pulled
 * @param partition 0 or more
 * @param offset 0 or more
 */
public record Position(String stream, int partition, long offset) {
    @Override
    public String toString() {
        return stream + "/" + partition + "/" + offset;
    }
}
