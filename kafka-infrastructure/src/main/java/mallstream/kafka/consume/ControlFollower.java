package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import mallstream.kafka.Broker;
import mallstream.kafka.Permitted;
import mallstream.kafka.Topics;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows {@link Topics#CONTROL} from its beginning, without a group, for all subscriptions of this instance: what one
 * instance writes, every other knows within a second or two. It starts while the cluster or the topic is away, and
 * follows when they are there.
 */
final class ControlFollower implements AutoCloseable {
    /** Names a write, so that its writer knows it when it is read. */
    static final String WRITE = "mallstream-write";

    private static final Logger log = LoggerFactory.getLogger(ControlFollower.class);
    private static final TopicPartition LOG = new TopicPartition(Topics.CONTROL, 0);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration CATCHING_UP = Duration.ofSeconds(5);
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final Broker broker;
    private final String instance;
    private final Clock clock;
    private final JsonMapper json = new JsonMapper();
    private final List<Shared<?>> shares = new CopyOnWriteArrayList<>();
    private final AtomicLong writes = new AtomicLong();
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private long next;
    private boolean away;

    /**
     * @param broker the cluster
     * @param instance this instance, for people; random digits are added, so that an instance which comes back under the
     *     same name does not take what it wrote before for its own
     * @param clock the time
     * @param random for those digits
     */
    @Permitted(reason = "the one thread that follows the control topic; it ends with close")
    ControlFollower(Broker broker, String instance, Clock clock, RandomGenerator random) {
        this.broker = broker;
        this.instance = instance + "." + Long.toHexString(random.nextLong());
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("control-follower").unstarted(this::run);
    }

    /**
     * Takes part in what is under a prefix; before {@link #start} only.
     *
     * @param <T> what the values are
     * @param prefix what the keys begin with, for instance {@code control/}
     * @param type a record that refuses what is out of range with an {@link IllegalArgumentException}
     * @return the values
     */
    <T> Shared<T> share(String prefix, Class<T> type) {
        Shared<T> share = new Shared<>(this, prefix, type, json, clock);
        shares.add(share);
        return share;
    }

    /** Begins to follow; a second call changes nothing. */
    void start() {
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    /** This run of this instance; no other has the same name. */
    String instance() {
        return instance;
    }

    /**
     * Whether all has been read that was there at the start. Before that a subscription that an operator paused would
     * look as if it may run.
     */
    boolean caughtUp() {
        return caughtUp.getCount() == 0;
    }

    /** @throws TimeoutException if what was there is not read within 5 s */
    void awaitCaughtUp() {
        try {
            if (!caughtUp.await(CATCHING_UP.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException(Topics.CONTROL + " could not be read yet");
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** A name for one write. */
    String nextWrite() {
        return instance + "." + writes.incrementAndGet();
    }

    /**
     * Writes a value and waits until it is safe; it is not followed yet.
     *
     * @param key its key
     * @param value the value; {@code null} removes the key
     * @param write the write's name
     * @throws org.apache.kafka.common.KafkaException if it was not confirmed; it may be there all the same
     */
    void append(String key, byte @Nullable [] value, String write) {
        broker.sendAndWait(new ProducerRecord<>(
                LOG.topic(),
                LOG.partition(),
                null,
                key.getBytes(UTF_8),
                value,
                List.of(new RecordHeader(WRITE, write.getBytes(UTF_8)))));
    }

    private void run() {
        while (!ended(Duration.ZERO)) {
            try (Consumer<byte[], byte[]> reader = broker.reader(Map.of())) {
                follow(reader);
            } catch (RuntimeException e) {
                if (!away && stopped.getCount() > 0) {
                    log.warn("{} can't be followed, tried again every {} s", LOG.topic(), AGAIN.toSeconds(), e);
                }
                away = true;
                if (ended(AGAIN)) {
                    return;
                }
            }
        }
    }

    private void follow(Consumer<byte[], byte[]> reader) {
        reader.assign(List.of(LOG));
        reader.seek(LOG, next);
        while (!ended(Duration.ZERO)) {
            for (ConsumerRecord<byte[], byte[]> each : reader.poll(POLL)) {
                next = each.offset() + 1;
                shares.forEach(share -> share.read(each));
            }
            // Unknown until the broker has answered once.
            if (reader.currentLag(LOG).orElse(1) == 0) {
                away = false;
                caughtUp.countDown();
            }
        }
    }

    private boolean ended(Duration within) {
        try {
            return stopped.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Ends within 2 s. */
    @Override
    public void close() {
        stopped.countDown();
        try {
            // It never began where the application failed to start.
            if (thread.isAlive() && !thread.join(CLOSING)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
