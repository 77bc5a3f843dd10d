package mallstream.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that the platform owns where they are missing. */
public final class OwnTopics {
    /** How much larger a dead letter may be than its source: the headers that say why it is one. */
    private static final int DEAD_LETTER_EXTRA = 64 * 1024;

    private final Broker broker;
    private final TopicSettings settings;
    private volatile boolean ready;

    /**
     * @param broker the cluster
     * @param settings how topics are created
     */
    public OwnTopics(Broker broker, TopicSettings settings) {
        this.broker = broker;
        this.settings = settings;
    }

    /**
     * Whether the topics are known to be there. Nothing is sent before: a broker that creates topics on demand would make
     * them with its own number of partitions.
     */
    public boolean ready() {
        return ready;
    }

    /**
     * Creates what is missing; what is there stays as it is.
     *
     * @param sourceOfDeadLetters by dead-letter topic the topic whose records it takes
     * @throws org.apache.kafka.common.KafkaException if the cluster cannot be reached or refuses
     */
    public void create(Map<String, String> sourceOfDeadLetters) {
        Set<String> present = broker.ask(admin -> admin.listTopics().names());
        List<NewTopic> events = new ArrayList<>();
        for (String name : Topics.EVENTS) {
            events.add(topic(name, settings.partitions())
                    .configs(configs(
                            TopicConfig.RETENTION_MS_CONFIG,
                            settings.retention().toMillis())));
        }
        events.add(topic(Topics.CONTROL, 1).configs(configs(TopicConfig.CLEANUP_POLICY_CONFIG, "compact")));
        create(present, events);

        List<NewTopic> deadLetters = new ArrayList<>();
        sourceOfDeadLetters.forEach((name, source) -> {
            if (!present.contains(name)) {
                Map<String, String> configs = configs(
                        TopicConfig.RETENTION_MS_CONFIG,
                        settings.deadLetterRetention().toMillis());
                configs.put(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(maxMessageBytes(source) + DEAD_LETTER_EXTRA));
                deadLetters.add(topic(name, settings.partitions()).configs(configs));
            }
        });
        create(present, deadLetters);
        ready = true;
    }

    private void create(Set<String> present, List<NewTopic> wanted) {
        List<NewTopic> missing =
                wanted.stream().filter(topic -> !present.contains(topic.name())).toList();
        for (NewTopic topic : missing) {
            try {
                broker.ask(admin -> admin.createTopics(List.of(topic)).all());
            } catch (TopicExistsException e) {
                // Another instance was faster, with the same settings.
            }
        }
    }

    private NewTopic topic(String name, int partitions) {
        return new NewTopic(
                name,
                Optional.of(partitions),
                Optional.ofNullable(settings.replication()).map(Integer::shortValue));
    }

    private Map<String, String> configs(String key, Object value) {
        Map<String, String> configs = new HashMap<>();
        configs.put(key, value.toString());
        if (settings.minInsyncReplicas() != null) {
            configs.put(
                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                    settings.minInsyncReplicas().toString());
        }
        return configs;
    }

    private int maxMessageBytes(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config found = broker.ask(
                        admin -> admin.describeConfigs(List.of(resource)).all())
                .values()
                .iterator()
                .next();
        return Integer.parseInt(found.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
    }
}
