package mallstream.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.springframework.kafka.core.ConsumerPostProcessor;
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
        server.brokerProperty("log.cleaner.backoff.ms", "200");
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
        return broker(bootstrap, Map.of(), it -> it);
    }

    /**
     * A connection as Spring Boot's factories would give it.
     *
     * @param bootstrap the cluster
     * @param consumer settings of consumers besides the usual ones
     * @param around what is put around each consumer
     */
    public static Broker broker(
            String bootstrap, Map<String, Object> consumer, ConsumerPostProcessor<byte[], byte[]> around) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        Map<String, Object> producer = new HashMap<>(settings);
        producer.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        producer.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        Map<String, Object> consumers = new HashMap<>(settings);
        consumers.putAll(consumer);
        DefaultKafkaConsumerFactory<byte[], byte[]> factory = new DefaultKafkaConsumerFactory<>(consumers);
        factory.addPostProcessor(around);
        return new Broker(new KafkaAdmin(settings), new DefaultKafkaProducerFactory<byte[], byte[]>(producer), factory);
    }

    public static void create(String topic, int partitions) {
        create(topic, partitions, Map.of());
    }

    public static void create(String topic, int partitions, Map<String, String> configs) {
        NewTopic wanted = new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(configs);
        BROKER.ask(admin -> admin.createTopics(List.of(wanted)).all());
        known(topic, partitions);
    }

    /** Changes what a topic is configured with. */
    public static void configure(String topic, String key, String value) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        BROKER.ask(admin ->
                admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all());
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

    /**
     * Sends many at once and waits for all. The first of each partition goes ahead: where a partition was made a moment
     * ago, its first batch may be refused and the one behind it taken, and then the first one is out of order for good.
     */
    public static void send(List<ProducerRecord<byte[], byte[]>> records) {
        Set<Integer> begun = new HashSet<>();
        Map<Boolean, List<ProducerRecord<byte[], byte[]>>> ahead =
                records.stream().collect(Collectors.partitioningBy(each -> begun.add(each.partition())));
        for (boolean first : new boolean[] {true, false}) {
            ahead.getOrDefault(first, List.of()).stream()
                    .map(BROKER::send)
                    .toList()
                    .forEach(Broker::confirm);
        }
    }

    /** The ends of a topic's partitions: the offsets that come next. */
    public static Map<Integer, Long> ends(String topic) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int i = 0; i < BROKER.partitions(topic); i++) {
            asked.put(new TopicPartition(topic, i), OffsetSpec.latest());
        }
        Map<Integer, Long> found = new HashMap<>();
        BROKER.ask(admin -> admin.listOffsets(asked).all())
                .forEach((partition, end) -> found.put(partition.partition(), end.offset()));
        return found;
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
