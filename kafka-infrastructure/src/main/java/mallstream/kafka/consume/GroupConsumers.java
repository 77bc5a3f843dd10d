package mallstream.kafka.consume;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import mallstream.kafka.Broker;
import mallstream.kafka.ClientSettings;
import mallstream.kafka.StartRefused;
import mallstream.kafka.Topics;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes the consumers of subscriptions, from Spring Boot's factory. The only class that sets a group id. */
final class GroupConsumers {
    private static final int LEAST_FETCH = 16 * 1024;
    private static final int MOST_FETCH_OF_PARTITION = 1024 * 1024;

    private final Broker broker;
    private final String application;
    private final String instance;

    /**
     * @param broker the cluster
     * @param application names the application, part of the client id
     * @param instance names this process among its peers, part of the client id
     */
    GroupConsumers(Broker broker, String application, String instance) {
        this.broker = broker;
        this.application = application;
        this.instance = instance;
    }

    /**
     * @param subscription whose records are read
     * @param group the group to join: the subscription's own, or its shadow
     * @param owner who we are
     * @param protocol how the group agrees
     * @param fetch bounds of what the client fetches
     * @return a consumer that has not subscribed yet
     */
    Consumer<byte[], byte[]> create(
            Subscription<?> subscription,
            ConsumerGroupId group,
            String owner,
            ConsumeSettings.Protocol protocol,
            Fetch fetch) {
        Properties overrides = new Properties();
        overrides.putAll(ours(protocol));
        overrides.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(fetch.records));
        overrides.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Long.toString(fetch.ofAll()));
        overrides.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Long.toString(fetch.ofPartition()));
        if (protocol == ConsumeSettings.Protocol.CLASSIC) {
            overrides.put(OwnerAssignor.OWNER, owner);
            overrides.put(
                    OwnerAssignor.FOLLOWING, Topics.replay(subscription.group().value()));
        }
        return broker.consumers()
                .createConsumer(
                        group.value(), GroupWatch.prefix(application, subscription.name()) + instance, "", overrides);
    }

    /**
     * @param protocol how a group agrees
     * @throws StartRefused if Kafka makes no consumer of Spring Boot's settings and ours, however long one waits
     */
    void refuseWrongSettings(ConsumeSettings.Protocol protocol) {
        Map<String, Object> settings = new HashMap<>(broker.consumers().getConfigurationProperties());
        settings.putAll(ours(protocol));
        ClientSettings.checkConsumer(settings);
    }

    /** What no setting from outside changes, the same for all subscriptions of a protocol. */
    private static Map<String, String> ours(ConsumeSettings.Protocol protocol) {
        Map<String, String> ours = new HashMap<>(Map.of(
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName(),
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "1",
                // As long as a fetch waits at a broker the client asks it for nothing else: not for partitions that
                // rested
                // for lack of room when it was sent. Kafka's own 500 ms are 2 requests a second where nothing comes.
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100"));
        switch (protocol) {
            case CLASSIC -> {
                ours.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
                ours.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, OwnerAssignor.class.getName());
            }
            case CONSUMER -> {
                ours.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
                // The one assignor of brokers that gives partitions of one number in two topics to the same member.
                ours.put(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, "range");
            }
        }
        return ours;
    }

    /**
     * What a client may fetch.
     *
     * @param records most records of a poll
     * @param bytes most bytes of a fetch, over all partitions
     * @param partitions how many partitions the member may get
     */
    record Fetch(int records, long bytes, int partitions) {
        private long ofAll() {
            return Math.clamp(bytes, LEAST_FETCH, Integer.MAX_VALUE);
        }

        private long ofPartition() {
            return Math.clamp(bytes / partitions, LEAST_FETCH, MOST_FETCH_OF_PARTITION);
        }
    }
}
