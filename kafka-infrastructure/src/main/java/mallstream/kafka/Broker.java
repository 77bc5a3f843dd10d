package mallstream.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

/**
 * The cluster, as all rooms of this house share it: one admin client, one producer of bytes. Both are made from Spring
 * Boot's factories, so every {@code spring.kafka.*} setting holds, and both are made when first needed, so the
 * application starts while the cluster is away.
 */
public final class Broker implements AutoCloseable {
    /** A question to the cluster is answered or given up within this time. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);
    /** A record is confirmed or given up within this time after the producer took it. */
    public static final Duration DELIVERY = Duration.ofSeconds(10);
    /** The producer takes a record within this time or not at all: it lacks the topic's metadata, or memory. */
    public static final Duration HANDOVER = Duration.ofSeconds(3);

    private final KafkaAdmin adminSettings;
    private final ProducerFactory<byte[], byte[]> producers;
    private final ConsumerFactory<byte[], byte[]> consumers;
    private @Nullable Admin admin;
    private boolean closed;

    /**
     * @param adminSettings Spring Boot's
     * @param producers Spring Boot's
     * @param consumers Spring Boot's
     */
    @SuppressWarnings("unchecked") // The serializers are overridden, so the factories' own types do not matter.
    public Broker(KafkaAdmin adminSettings, ProducerFactory<?, ?> producers, ConsumerFactory<?, ?> consumers) {
        this.adminSettings = adminSettings;
        this.consumers = (ConsumerFactory<byte[], byte[]>) consumers;
        this.producers = ((ProducerFactory<byte[], byte[]>) producers)
                .copyWithConfigurationOverride(Map.of(
                        ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                        ByteArraySerializer.class,
                        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                        ByteArraySerializer.class,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) DELIVERY.toMillis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        (int) DELIVERY.toMillis() / 2,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        HANDOVER.toMillis(),
                        // The topic's own bound decides: a dead letter may be larger than what producers send by
                        // default.
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        16 * 1024 * 1024));
    }

    /** @throws StartRefused if Kafka makes no client of the settings, however long one waits */
    void refuseWrongSettings() {
        ClientSettings.checkAdmin(boundedAdminSettings());
        ClientSettings.checkProducer(producers.getConfigurationProperties());
        ClientSettings.checkConsumer(readerSettings(Map.of()));
    }

    /** Spring Boot's consumer factory; whoever makes a consumer overrides the deserializers. */
    public ConsumerFactory<byte[], byte[]> consumers() {
        return consumers;
    }

    /**
     * Asks the cluster and waits for the answer.
     *
     * @param <T> the answer's type
     * @param question what to ask
     * @return the answer
     * @throws KafkaException what the cluster answered; a {@link TimeoutException} after {@link #PATIENCE}
     */
    public <T> T ask(Function<Admin, KafkaFuture<T>> question) {
        return ask(question, PATIENCE);
    }

    /**
     * Asks the cluster and waits for the answer.
     *
     * @param <T> the answer's type
     * @param question what to ask
     * @param patience how long to wait at most
     * @return the answer
     * @throws KafkaException what the cluster answered; a {@link TimeoutException} when patience ends
     */
    public <T> T ask(Function<Admin, KafkaFuture<T>> question, Duration patience) {
        try {
            return question.apply(admin()).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("no answer within " + patience.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * Asks the cluster and does not wait.
     *
     * @param <T> the answer's type
     * @param question what to ask
     * @return the answer, or a {@link KafkaException} after {@link #PATIENCE} at the latest; what depends on it runs on
     *     the client's thread and must not block
     */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // The callback says the same, and completes a future that can be waited for.
    public <T> CompletableFuture<T> askLater(Function<Admin, KafkaFuture<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            question.apply(admin()).whenComplete((found, failure) -> {
                if (failure == null) {
                    answer.complete(found);
                } else {
                    boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
                    answer.completeExceptionally(wrapped ? failure.getCause() : failure);
                }
            });
        } catch (KafkaException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    /**
     * Sends a record; it is safe on all replicas in sync when the future completes.
     *
     * @param message the record
     * @return its place, or a {@link KafkaException} after {@link #HANDOVER} and {@link #DELIVERY} at the latest; this
     *     call itself takes up to {@link #HANDOVER}
     */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // The callback says the same, and completes a future that can be waited for.
    public CompletableFuture<RecordMetadata> send(ProducerRecord<byte[], byte[]> message) {
        CompletableFuture<RecordMetadata> confirmed = new CompletableFuture<>();
        try {
            producers.createProducer().send(message, (place, failure) -> {
                if (failure == null) {
                    confirmed.complete(place);
                } else {
                    confirmed.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            confirmed.completeExceptionally(e);
        } catch (IllegalStateException e) {
            // Another thread met an error that no producer survives, and Spring closed it: the next call gets a new
            // one.
            confirmed.completeExceptionally(new KafkaException("the producer was closed", e));
        }
        return confirmed;
    }

    /**
     * Sends a record and waits until it is safe.
     *
     * @param message the record
     * @throws KafkaException if it was not confirmed; it may be there all the same
     */
    public void sendAndWait(ProducerRecord<byte[], byte[]> message) {
        confirm(send(message));
    }

    /**
     * Waits until a sent record is safe.
     *
     * @param sent what {@link #send} gave
     * @throws KafkaException if it was not confirmed; it may be there all the same
     */
    public static void confirm(CompletableFuture<RecordMetadata> sent) {
        try {
            // The producer gives up by itself; the second more only guards against one that does not.
            sent.get(DELIVERY.toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("no confirmation within " + DELIVERY.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * Asks how many partitions a topic has.
     *
     * @param topic a topic
     * @return its partitions, 1 or more
     * @throws KafkaException if there is no such topic, or no answer within {@link #PATIENCE}
     */
    public int partitions(String topic) {
        return ask(admin -> admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                .mapToInt(each -> each.partitions().size())
                .sum();
    }

    /**
     * Makes a consumer of bytes that belongs to no group: it is given its partitions, and commits nothing.
     *
     * @param settings where it differs from Spring Boot's settings
     * @return the consumer; who asked for it closes it
     * @throws KafkaException if it can't be made, for instance while no broker's name can be resolved
     */
    public Consumer<byte[], byte[]> reader(Map<String, Object> settings) {
        return new KafkaConsumer<>(readerSettings(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> readerSettings(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(consumers.getConfigurationProperties());
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.putAll(settings);
        return all;
    }

    /**
     * Reads a small topic of one partition from its start to what is its end now, without a group.
     *
     * @param topic a topic that is small by nature, such as a compacted one
     * @return its records in their order
     * @throws KafkaException if it cannot be read within {@link #PATIENCE}
     */
    public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (Consumer<byte[], byte[]> reader = reader(Map.of())) {
            reader.assign(List.of(partition));
            Long end = reader.endOffsets(List.of(partition), PATIENCE).get(partition);
            reader.seekToBeginning(List.of(partition));
            long giveUp = System.nanoTime() + PATIENCE.toNanos();
            while (end != null && reader.position(partition, PATIENCE) < end) {
                if (System.nanoTime() > giveUp) {
                    throw new TimeoutException(topic + " was not read within " + PATIENCE.toSeconds() + " s");
                }
                reader.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        return found;
    }

    private synchronized Admin admin() {
        if (closed) {
            // Whoever comes late would make a client that nobody closes.
            throw new KafkaException("the connection is closed, the application ends");
        }
        if (admin == null) {
            admin = Admin.create(boundedAdminSettings());
        }
        return admin;
    }

    private Map<String, Object> boundedAdminSettings() {
        Map<String, Object> settings = new HashMap<>(adminSettings.getConfigurationProperties());
        settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis() / 2);
        settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        return settings;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (admin != null) {
            admin.close(Duration.ofSeconds(2));
        }
        producers.reset();
    }
}
