package mallstream.bootstrap;

import static org.awaitility.Awaitility.await;

import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import mallstream.bootstrap.infrastructure.Infrastructure;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Hands in an order, and looks at the record that it became. */
final class ChannelOrders {
    private static final String TOPIC = "order.shopby.changed";

    private static final Path ORDER = Path.of("..", "docs", "samples", "shopby-order-created.json");

    private ChannelOrders() {}

    /** @return the status, 202 once the broker has the order */
    static int handIn(int port, String key, String mall, String traceparent) throws FileNotFoundException {
        BodyPublisher order = BodyPublishers.ofFile(ORDER);
        // The topics are made a moment after the start.
        return await("an order is taken")
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> new Http(port)
                                .send(
                                        "POST",
                                        "/api/channels/shopby/malls/" + mall + "/orders",
                                        order,
                                        Stream.of(
                                                "Authorization",
                                                "Bearer " + key,
                                                "Content-Type",
                                                "application/json",
                                                "traceparent",
                                                traceparent))
                                .statusCode(),
                        status -> status != 503);
    }

    /** The headers of the mall's only record. */
    static Map<String, String> headers(String mall) {
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", Infrastructure.running().bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(each -> new TopicPartition(TOPIC, each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            await("the topic is read").atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(each -> {
                    if (mall.equals(each.key())) {
                        found.add(each);
                    }
                });
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
        }
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " records of " + mall);
        }
        Map<String, String> headers = new TreeMap<>();
        found.getFirst()
                .headers()
                .forEach(each -> headers.put(each.key(), new String(each.value(), StandardCharsets.UTF_8)));
        return headers;
    }
}
