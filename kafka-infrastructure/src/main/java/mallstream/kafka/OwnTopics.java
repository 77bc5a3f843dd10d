package mallstream.kafka;

import java.time.Duration;
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
     * @param sourceOfGroup by consumer group the topic that it reads; it gets a topic for its dead letters and one for
     *     their replay
     * @throws org.apache.kafka.common.KafkaException if the cluster cannot be reached or refuses
     */
    public void createFor(Map<String, String> sourceOfGroup) {
        Set<String> present = broker.ask(admin -> admin.listTopics().names());
        Map<String, Config> created = new HashMap<>();
        for (String name : Topics.EVENTS) {
            if (!present.contains(name)) {
                create(name, settings.partitions(), retention(settings.retention()), created);
            }
        }
        if (!present.contains(Topics.CONTROL)) {
            create(Topics.CONTROL, 1, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "compact"), created);
        }
        sourceOfGroup.forEach((group, source) -> {
            if (!present.contains(Topics.deadLetters(group))) {
                createDeadLetters(group, source, created);
            }
            if (!present.contains(Topics.replay(group))) {
                createReplay(group, source, created);
            }
        });
        ready = true;
    }

    private void createDeadLetters(String group, String source, Map<String, Config> created) {
        int sources = Integer.parseInt(config(source, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, created));
        Map<String, String> configs = new HashMap<>(retention(settings.deadLetterRetention()));
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(sources + DEAD_LETTER_EXTRA));
        create(Topics.deadLetters(group), settings.partitions(), configs, created);
    }

    /** As many partitions as the source has, so that a record comes back to the number it came from. */
    private void createReplay(String group, String source, Map<String, Config> created) {
        int partitions = created.containsKey(source) ? settings.partitions() : broker.partitions(source);
        Map<String, String> configs = Map.of(
                TopicConfig.RETENTION_MS_CONFIG,
                config(source, TopicConfig.RETENTION_MS_CONFIG, created),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                config(Topics.deadLetters(group), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, created));
        create(Topics.replay(group), partitions, configs, created);
    }

    private void create(String name, int partitions, Map<String, String> configs, Map<String, Config> created) {
        Map<String, String> all = new HashMap<>(configs);
        if (settings.minInsyncReplicas() != null) {
            all.put(
                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                    settings.minInsyncReplicas().toString());
        }
        NewTopic topic = new NewTopic(
                        name,
                        Optional.of(partitions),
                        Optional.ofNullable(settings.replication()).map(Integer::shortValue))
                .configs(all);
        try {
            created.put(
                    name, broker.ask(admin -> admin.createTopics(List.of(topic)).config(name)));
        } catch (TopicExistsException e) {
            // Another instance was faster, with the same settings.
        }
    }

    private static Map<String, String> retention(Duration time) {
        return Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(time.toMillis()));
    }

    /** A topic that was created a moment ago is not known to every broker yet, so its configuration is not asked for. */
    private String config(String topic, String key, Map<String, Config> created) {
        Config config = created.get(topic);
        if (config == null) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            config = broker.ask(
                            admin -> admin.describeConfigs(List.of(resource)).all())
                    .values()
                    .iterator()
                    .next();
        }
        return config.get(key).value();
    }
}
