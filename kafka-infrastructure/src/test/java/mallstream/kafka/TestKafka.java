package mallstream.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** One real broker for all tests of this module; each test brings topics of its own. */
public final class TestKafka {
    /** Nobody listens there. */
    public static final String NOWHERE = "127.0.0.1:1";

    private static final EmbeddedKafkaKraftBroker SERVER = start();
    /** The cluster, for tests that look at it from outside. */
    public static final Broker BROKER = broker(bootstrap());

    private TestKafka() {}

    private static EmbeddedKafkaKraftBroker start() {
        EmbeddedKafkaKraftBroker server = new EmbeddedKafkaKraftBroker(1, 1);
        server.brokerProperty("group.initial.rebalance.delay.ms", "0");
        server.brokerProperty("offsets.topic.num.partitions", "1");
        server.brokerProperty("transaction.state.log.num.partitions", "1");
        server.brokerProperty("transaction.state.log.replication.factor", "1");
        server.brokerProperty("transaction.state.log.min.isr", "1");
        // Members of KIP-848 move partitions at their heartbeats, which the broker sets.
        server.brokerProperty("group.consumer.min.heartbeat.interval.ms", "500");
        server.brokerProperty("group.consumer.heartbeat.interval.ms", "500");
        server.afterPropertiesSet();
        return server;
    }

    public static String bootstrap() {
        return SERVER.getBrokersAsString();
    }

    /** A connection as Spring Boot's factories would give it. */
    public static Broker broker(String bootstrap) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        Map<String, Object> producer = new HashMap<>(settings);
        producer.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        producer.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return new Broker(
                new KafkaAdmin(settings),
                new DefaultKafkaProducerFactory<byte[], byte[]>(producer),
                new DefaultKafkaConsumerFactory<byte[], byte[]>(settings));
    }

    public static void create(String topic, int partitions) {
        BROKER.ask(admin -> admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                .all());
        known(topic, partitions);
    }

    public static void grow(String topic, int partitions) {
        BROKER.ask(admin -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                .all());
        known(topic, partitions);
    }

    /** The controller answers before the broker has heard of it, and the broker takes no offset of what it does not know. */
    private static void known(String topic, int partitions) {
        Awaitility.await("the broker knows " + topic)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptionsInstanceOf(UnknownTopicOrPartitionException.class)
                .until(() ->
                        BROKER.ask(admin -> admin.describeTopics(List.of(topic)).allTopicNames())
                                        .values()
                                        .iterator()
                                        .next()
                                        .partitions()
                                        .size()
                                == partitions);
    }

    public static void send(String topic, int partition, String key, String value) {
        BROKER.sendAndWait(new ProducerRecord<>(topic, partition, key.getBytes(UTF_8), value.getBytes(UTF_8)));
    }

    /** Everything that a topic holds now, by partition in order. */
    public static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap());
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        // All is there already; a longer wait at the end of a partition would hold the next one up.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (Consumer<byte[], byte[]> reader =
                new DefaultKafkaConsumerFactory<byte[], byte[]>(settings).createConsumer()) {
            for (var info : reader.partitionsFor(topic)) {
                TopicPartition partition = new TopicPartition(topic, info.partition());
                reader.assign(List.of(partition));
                reader.seekToBeginning(List.of(partition));
                long end = reader.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
                while (reader.position(partition) < end) {
                    reader.poll(Broker.HANDOVER).forEach(found::add);
                }
            }
        }
        return found;
    }

    public static List<String> values(String topic) {
        return read(topic).stream().map(each -> new String(each.value(), UTF_8)).toList();
    }

    /** What a group has committed of its source topic, by partition. */
    public static Map<Integer, Long> committed(String group) {
        Map<Integer, Long> found = new HashMap<>();
        BROKER.ask(admin -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null && !partition.topic().endsWith(".replay")) {
                        found.put(partition.partition(), offset.offset());
                    }
                });
        return found;
    }
}
