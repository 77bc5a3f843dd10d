package mallstream.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Refuses at the start settings from which Kafka makes no client, however long one waits. Kafka's own definitions are
 * asked, and no client is made on trial: it would look up the brokers' names, and a name server that is away now may come
 * back; and where a login is set it would call out.
 */
public final class ClientSettings {
    private static final int LAST_PORT = 65_535;

    private ClientSettings() {}

    /**
     * @param settings of a consumer of bytes; the deserializers need not be there
     * @throws StartRefused if no consumer can be made of them
     */
    public static void checkConsumer(Map<String, ?> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        check("consumer", () -> new ConsumerConfig(all));
    }

    /**
     * @param settings of a producer
     * @throws StartRefused if no producer can be made of them
     */
    static void checkProducer(Map<String, ?> settings) {
        check("producer", () -> {
            ProducerConfig parsed = new ProducerConfig(new HashMap<>(settings));
            // The definitions leave this one to the client.
            long least = parsed.getLong(ProducerConfig.LINGER_MS_CONFIG)
                    + parsed.getInt(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG);
            int delivery = parsed.getInt(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG);
            if (least > delivery) {
                throw new ConfigException("linger.ms and request.timeout.ms are " + least
                        + " together and must not exceed delivery.timeout.ms, which is " + delivery);
            }
            return parsed;
        });
    }

    /**
     * @param settings of an admin client
     * @throws StartRefused if no admin client can be made of them
     */
    static void checkAdmin(Map<String, ?> settings) {
        check("admin", () -> {
            AdminClientConfig parsed = new AdminClientConfig(settings);
            // The definitions leave this one to the client.
            int request = parsed.getInt(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG);
            int call = parsed.getInt(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);
            if (request > call) {
                throw new ConfigException("request.timeout.ms is " + request
                        + " and must not exceed default.api.timeout.ms, which is " + call);
            }
            return parsed;
        });
    }

    private static void check(String client, Supplier<AbstractConfig> definitions) {
        AbstractConfig parsed;
        try {
            parsed = definitions.get();
        } catch (ConfigException e) {
            throw new StartRefused("Kafka takes no such settings of a client: " + e.getMessage()
                    + " -> correct it in spring.kafka." + client + ".* or spring.kafka.properties.*");
        }
        checkServers(parsed.getList(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    /** By Kafka's own reading of an address, so that nothing is refused which Kafka would take. */
    private static void checkServers(List<String> servers) {
        for (String server : servers) {
            String host = Utils.getHost(server);
            if (host == null || !isPort(server)) {
                // What stands before an @ may be a password.
                throw new StartRefused("spring.kafka.bootstrap-servers: " + server.replaceAll(".*@", "")
                        + " is not of the form host:port -> set SPRING_KAFKA_BOOTSTRAP_SERVERS=<host>:<port>,"
                        + " several with commas between them");
            }
        }
    }

    private static boolean isPort(String server) {
        try {
            Integer port = Utils.getPort(server);
            return port != null && port >= 1 && port <= LAST_PORT;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
