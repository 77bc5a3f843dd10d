package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values that all instances share, as JSON in the control topic. The last record of a key counts, for everybody and after
 * compaction as well. A writer waits until it reads its own record; if another came in between, that one has just been
 * covered up, and the change is made again on top of it. So of two changes at once none is lost; a third at the same
 * moment may cover one up, and all instances still agree.
 *
 * @param <T> what the values are
 */
final class Shared<T> {
    private static final Logger log = LoggerFactory.getLogger(Shared.class);
    private static final Duration READ_BACK = Duration.ofSeconds(5);
    private static final int TRIES = 10;

    private final ControlFollower follower;
    private final String prefix;
    private final Class<T> type;
    private final JsonMapper json;
    private final Clock clock;
    private final Map<String, Entry<T>> entries = new HashMap<>();
    private final Map<String, List<Listener<T>>> listeners = new HashMap<>();
    private final Map<String, CompletableFuture<Written<T>>> writing = new ConcurrentHashMap<>();

    Shared(ControlFollower follower, String prefix, Class<T> type, JsonMapper json, Clock clock) {
        this.follower = follower;
        this.prefix = prefix;
        this.type = type;
        this.json = json;
        this.clock = clock;
    }

    /** What has a value now. */
    synchronized List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /** The value of a name and where it stands; {@code null}: it has none. */
    synchronized @Nullable Entry<T> entry(String name) {
        return entries.get(name);
    }

    /**
     * Tells of each change from now on, on the follower's thread and in order.
     *
     * @param name whose value
     * @param listener must return at once and may not change values
     */
    synchronized void listen(String name, Listener<T> listener) {
        listeners.computeIfAbsent(name, key -> new ArrayList<>()).add(listener);
    }

    /**
     * Reads, changes and writes.
     *
     * @param name whose value
     * @param change is asked again where others write at the same time
     * @return the value that stands there now
     * @throws KafkaException if it could not be stored, or not be read back within 5 s; it may be there all the same
     */
    @Nullable
    T update(String name, Change<T> change) {
        follower.awaitCaughtUp();
        Entry<T> base = entry(name);
        T wanted = change.on(base);
        if (Objects.equals(wanted, base == null ? null : base.value)) {
            return wanted;
        }
        for (int i = 0; i < TRIES; i++) {
            Written<T> written = write(name, wanted);
            if (offset(written.covered) == offset(base)) {
                return wanted;
            }
            wanted = change.on(written.covered);
            base = written.now;
            if (Objects.equals(wanted, base == null ? null : base.value)) {
                return wanted;
            }
        }
        throw new KafkaException(prefix + name + " is changed by others all the time");
    }

    /**
     * The same where there is a value; where there is none, none is written.
     *
     * @param name whose value
     * @param change is asked again where others write at the same time
     * @return the value that stands there now; {@code null}: none
     * @throws KafkaException as {@link #update}
     */
    @Nullable
    T updatePresent(String name, Function<Entry<T>, T> change) {
        return update(name, current -> current == null ? null : change.apply(current));
    }

    private static long offset(@Nullable Entry<?> entry) {
        return entry == null ? -1 : entry.offset;
    }

    private Written<T> write(String name, @Nullable T value) {
        String write = follower.nextWrite();
        CompletableFuture<Written<T>> read = new CompletableFuture<>();
        writing.put(write, read);
        try {
            follower.append(prefix + name, value == null ? null : json.writeValueAsBytes(value), write);
            return read.get(READ_BACK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("written, but not read within " + READ_BACK.toSeconds() + " s", e);
        } finally {
            writing.remove(write);
        }
    }

    /** A record of the control topic; on the follower's thread, in the log's order. */
    void read(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? "" : new String(record.key(), UTF_8);
        if (!key.startsWith(prefix)) {
            return;
        }
        T value = null;
        if (record.value() != null) {
            value = parse(record.value());
            if (value == null) {
                log.warn("the record at {} under {} is malformed and skipped", record.offset(), prefix);
                return;
            }
        }
        Written<T> written = put(key.substring(prefix.length()), record.offset(), value);
        Header write = record.headers().lastHeader(ControlFollower.WRITE);
        CompletableFuture<Written<T>> writer = write == null ? null : writing.get(new String(write.value(), UTF_8));
        if (writer != null) {
            writer.complete(written);
        }
    }

    /** The exception is dropped: it repeats what it could not read. */
    private @Nullable T parse(byte[] value) {
        try {
            return json.readValue(value, type);
        } catch (JacksonException e) {
            return null;
        }
    }

    private synchronized Written<T> put(String name, long offset, @Nullable T value) {
        Entry<T> now = value == null ? null : new Entry<>(offset, value, clock.instant());
        Entry<T> covered = now == null ? entries.remove(name) : entries.put(name, now);
        if (!Objects.equals(value, covered == null ? null : covered.value)) {
            for (Listener<T> each : listeners.getOrDefault(name, List.of())) {
                try {
                    each.changed(value);
                } catch (RuntimeException e) {
                    log.error("a listener of {}{} failed", prefix, name, e);
                }
            }
        }
        return new Written<>(covered, now);
    }

    /**
     * A value and where it stands.
     *
     * @param <T> what the value is
     * @param offset of its record
     * @param value the value
     * @param seen when this instance read it
     */
    record Entry<T>(long offset, T value, Instant seen) {}

    /**
     * Makes a new value from the present one.
     *
     * @param <T> what the values are
     */
    interface Change<T> {
        /**
         * @param current what is there; {@code null}: nothing
         * @return what should be there, {@code null} for nothing; what is there already is not written again
         */
        @Nullable
        T on(@Nullable Entry<T> current);
    }

    /**
     * Is told of changes.
     *
     * @param <T> what the values are
     */
    interface Listener<T> {
        /** @param value what is there now; {@code null}: nothing */
        void changed(@Nullable T value);
    }

    private record Written<T>(
            @Nullable Entry<T> covered, @Nullable Entry<T> now) {}
}
