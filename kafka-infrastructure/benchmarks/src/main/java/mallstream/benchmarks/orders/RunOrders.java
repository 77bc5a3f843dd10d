package mallstream.benchmarks.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import mallstream.benchmarks.Child;
import mallstream.benchmarks.Cluster;
import mallstream.benchmarks.Out;
import mallstream.benchmarks.Pause;
import mallstream.kafka.consume.ConsumerGroupId;
import mallstream.order.application.port.in.ApplyChannelOrders;
import mallstream.order.application.port.in.ApplyChannelOrders.ChannelOrder;
import mallstream.order.application.port.in.ApplyChannelOrders.Source;
import mallstream.order.model.Channel;
import mallstream.order.model.MallId;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;

/** Consumes a topic of orders in a JVM of its own until all is applied and committed. */
public final class RunOrders {
    private static final String READY = "ready";
    private static final String WARM = "warm";
    private static final String RESULT = "result ";
    private static final int LOOK_MICROS = 2_000;
    private static final int FIRST_BATCH = 200;

    private RunOrders() {}

    /**
     * What to run.
     *
     * @param threads of the plain container; 0: the engine
     * @param bootstrap where the broker is
     * @param topic what it reads
     * @param name no other run's
     * @param database where it is
     * @param warmUp changes before the clock starts
     * @param records how many there will be in the topic
     * @param settings of the engine's subscription
     */
    public record What(
            int threads,
            String bootstrap,
            String topic,
            String name,
            String database,
            int warmUp,
            int records,
            Map<String, String> settings) {}

    /**
     * What was measured.
     *
     * @param rate changes per second from the end of the warm-up until all was committed
     * @param perCall changes per call of the domain
     * @param again changes that came twice
     * @param p50 milliseconds from a record's time stamp until it was applied, half of the malls that are not hot
     * @param p99 the same for 99 of 100
     * @param cpuMicros of the whole JVM, per change after the warm-up
     */
    public record Measured(double rate, double perCall, int again, int p50, int p99, double cpuMicros) {}

    /**
     * Starts it and waits until it joins its group.
     *
     * @param what to run
     * @param options of its JVM
     */
    public static Child start(What what, String options) {
        String settings = what.settings.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(","));
        Child child = Child.start(
                RunOrders.class,
                options,
                Integer.toString(what.threads),
                what.bootstrap,
                what.topic,
                what.name,
                what.database,
                Integer.toString(what.warmUp),
                Integer.toString(what.records),
                settings.isEmpty() ? "-" : settings);
        child.line(READY);
        return child;
    }

    /**
     * Waits until the changes of the warm-up are applied.
     *
     * @param child what {@link #start} gave
     */
    public static void awaitWarm(Child child) {
        child.line(WARM);
    }

    /**
     * Waits for its end.
     *
     * @param child what {@link #start} gave
     */
    public static Measured await(Child child) {
        String[] words = child.line(RESULT).split(" ", -1);
        return new Measured(
                Double.parseDouble(words[0]),
                Double.parseDouble(words[1]),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                Integer.parseInt(words[4]),
                Double.parseDouble(words[5]));
    }

    /**
     * @param words see {@link #start}
     * @throws Exception if it does not come to its end
     */
    public static void main(String[] words) throws Exception {
        Child.endWithParent();
        Map<String, String> settings = new HashMap<>();
        if (!words[7].equals("-")) {
            Arrays.stream(words[7].split(",", -1))
                    .map(each -> each.split("=", 2))
                    .forEach(each -> settings.put(each[0], each[1]));
        }
        What what = new What(
                Integer.parseInt(words[0]),
                words[1],
                words[2],
                words[3],
                words[4],
                Integer.parseInt(words[5]),
                Integer.parseInt(words[6]),
                settings);
        if (what.threads == 0) {
            try (AnnotationConfigApplicationContext context = OrderHouse.engine(
                    what.database, what.warmUp, what.bootstrap, what.topic, what.name, what.settings)) {
                measure(what, ConsumerGroupId.of("order", what.name).value(), (Applied)
                        context.getBean(ApplyChannelOrders.class));
            }
        } else {
            try (AnnotationConfigApplicationContext context = OrderHouse.domain(what.database, what.warmUp)) {
                Applied applied = (Applied) context.getBean(ApplyChannelOrders.class);
                ConcurrentMessageListenerContainer<byte[], byte[]> container = plain(what, applied);
                container.start();
                measure(what, what.name, applied);
                container.stop();
            }
        }
        Runtime.getRuntime().halt(0);
    }

    /** The first version's way: what a poll brings is applied in one call, on the thread that polls, and then committed. */
    private static ConcurrentMessageListenerContainer<byte[], byte[]> plain(What what, Applied applied) {
        ContainerProperties properties = new ContainerProperties(what.topic);
        properties.setGroupId(what.name);
        properties.setAckMode(ContainerProperties.AckMode.BATCH);
        properties.setMessageListener((BatchMessageListener<byte[], byte[]>)
                window -> applied.apply(window.stream().map(RunOrders::order).toList()));
        ConcurrentMessageListenerContainer<byte[], byte[]> container = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                what.bootstrap,
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                FIRST_BATCH),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer()),
                properties);
        container.setConcurrency(what.threads);
        container.setBeanName(what.name);
        return container;
    }

    private static ChannelOrder order(ConsumerRecord<byte[], byte[]> each) {
        return new ChannelOrder(
                Channel.SHOPBY,
                new MallId(new String(each.key(), UTF_8)),
                each.value(),
                Instant.ofEpochMilli(each.timestamp()),
                new Source(each.topic(), each.partition(), each.offset()));
    }

    private static void measure(What what, String group, Applied applied) throws InterruptedException {
        Out.print(READY);
        until(applied, what.warmUp);
        Out.print(WARM);
        int before = applied.count();
        long start = System.nanoTime();
        long cpu = cpu();
        until(applied, what.records);
        try (Cluster cluster = new Cluster(what.bootstrap)) {
            var ends = cluster.ends(what.topic);
            while (!cluster.committedAll(group, ends)) {
                Pause.micros(LOOK_MICROS);
            }
        }
        int during = what.records - before;
        Out.line(
                RESULT + "%f %f %d %d %d %f",
                during / ((System.nanoTime() - start) / 1e9),
                applied.perCall(),
                applied.again(),
                applied.millis(0.5),
                applied.millis(0.99),
                (cpu() - cpu) / 1e3 / during);
    }

    private static long cpu() {
        return java.lang.management.ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    private static void until(Applied applied, int count) throws InterruptedException {
        while (applied.count() < count) {
            Pause.micros(LOOK_MICROS);
        }
    }
}
