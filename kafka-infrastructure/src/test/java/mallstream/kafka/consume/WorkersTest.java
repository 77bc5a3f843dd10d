package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import mallstream.kafka.Broker;
import mallstream.kafka.Tracing;
import mallstream.kafka.consume.core.Bounds;
import mallstream.kafka.consume.core.Budget;
import mallstream.kafka.consume.core.Progress;
import mallstream.kafka.consume.core.Source;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;

/** The threads of a subscription with the real engine, and no broker: what they share they must share well. */
class WorkersTest {
    private static final Source SOURCE = new Source("topic", 0);
    private static final long PATIENCE = 60;

    @Test
    void every_record_is_handled_once_and_in_order_whatever_its_handler_waits_for() throws InterruptedException {
        int records = 200_000;
        int keys = 300;
        AtomicIntegerArray next = new AtomicIntegerArray(keys);
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(records);
        Handling<String> handling = handling(50, Duration.ofMinutes(1), event -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            int number = Integer.parseInt(event);
            int key = number % keys;
            wrong.addAndGet(next.get(key) == number / keys ? 0 : 1);
            switch (number % 41) {
                case 0 -> never.await(1, TimeUnit.NANOSECONDS);
                case 1 -> never.await(50, TimeUnit.MICROSECONDS);
                default -> {
                    // Most wait for nothing.
                }
            }
            wrong.addAndGet(next.compareAndSet(key, number / keys, number / keys + 1) ? 0 : 1);
            running.decrementAndGet();
            all.countDown();
        });
        int sent = 0;
        while (sent < records) {
            int from = sent;
            sent = handling.ask(() -> {
                int to = from;
                while (to < records && to < from + 500 && handling.engine().mayPoll()) {
                    receive(handling, to, "key-" + to % keys);
                    handling.engine().polled();
                    to++;
                }
                handling.engine().tick(System.nanoTime());
                return to;
            });
            handling.await(20_000_000);
        }
        assertThat(all.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
        assertThat(wrong).hasValue(0);
        assertThat(most.get()).isBetween(2, 50);
        untilFinished(handling, records);
    }

    @Test
    void handlers_that_wait_leave_the_processors_to_the_others() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(49);
        CountDownLatch others = new CountDownLatch(2_000);
        Handling<String> handling = handling(50, Duration.ofMinutes(1), event -> {
            if (Integer.parseInt(event) < 49) {
                waiting.countDown();
                open.await();
            } else {
                others.countDown();
            }
        });
        receiveAll(handling, 2_049);
        assertThat(waiting.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
        assertThat(others.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
        open.countDown();
        untilFinished(handling, 2_049);
    }

    @Test
    void an_interrupt_meets_the_call_that_took_too_long_and_no_other_one() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        AtomicInteger innocent = new AtomicInteger();
        Handling<String> handling = handling(8, Duration.ofMillis(10), event -> {
            if (Thread.currentThread().isInterrupted()) {
                innocent.incrementAndGet();
            }
            if (Integer.parseInt(event) % 10 == 0) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    interrupted.incrementAndGet();
                    // As a handler may leave it.
                    Thread.currentThread().interrupt();
                }
            }
        });
        receiveAll(handling, 400);
        untilFinished(handling, 400);
        assertThat(interrupted).hasValue(40);
        assertThat(innocent).hasValue(0);
    }

    /** What the poll thread does: it looks after what is due until all is finished. */
    private static void untilFinished(Handling<?> handling, int records) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (frontier(handling) < records) {
            assertThat(System.nanoTime())
                    .as("%s of %s are finished", frontier(handling), records)
                    .isLessThan(giveUp);
            handling.ask(() -> {
                handling.engine().tick(System.nanoTime());
                return true;
            });
            handling.await(1_000_000);
        }
        assertThat(handling.ask(() -> handling.engine().held())).isZero();
        assertThat(handling.ask(() -> handling.engine().inFlight())).isZero();
    }

    private static long frontier(Handling<?> handling) {
        return handling.ask(() -> {
            Progress progress = handling.engine().progress(SOURCE);
            return progress == null ? -1 : progress.frontier();
        });
    }

    private static void receiveAll(Handling<?> handling, int records) {
        handling.ask(() -> {
            for (int i = 0; i < records; i++) {
                receive(handling, i, "key-" + i);
            }
            handling.engine().tick(System.nanoTime());
            return true;
        });
    }

    private static void receive(Handling<?> handling, int offset, String key) {
        byte[] value = Integer.toString(offset).getBytes(UTF_8);
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(SOURCE.topic(), SOURCE.partition(), offset, key.getBytes(UTF_8), value);
        handling.engine().received(SOURCE, offset, 100, key, record, System.nanoTime());
    }

    private static Handling<String> handling(int inFlight, Duration timeout, Waiting handler) {
        Subscription<String> subscription = new Subscription<>(
                "member",
                "workers",
                SOURCE.topic(),
                Subscription.StartPosition.RETAINED,
                new Subscription.Batch(1, Duration.ZERO),
                received -> new String(received.value(), UTF_8),
                events -> {
                    try {
                        handler.handle(events.getFirst());
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("nobody interrupts this one", e);
                    }
                    return List.of(new Result.Done());
                },
                WorkersTest.class);
        Bounds bounds = new Bounds(
                inFlight,
                10_000,
                1,
                false,
                1_000_000,
                Duration.ZERO,
                3,
                Duration.ofMillis(10),
                Duration.ofMillis(10),
                Duration.ZERO,
                timeout,
                Duration.ZERO);
        Handling<String> handling = new Handling<>(
                subscription,
                new ConsumeSettings.Of(bounds, ConsumeSettings.Ordering.KEY, ConsumeSettings.Protocol.CLASSIC),
                1,
                new Budget(1L << 30, 1).join(),
                "owner",
                new DeadLetters(nowhere(), subscription.group()),
                null,
                Tracing.off(),
                new ConsumeMeters(new SimpleMeterRegistry(), subscription.name()),
                System::nanoTime,
                Clock.systemUTC(),
                new SplittableRandom(1));
        handling.ask(() -> {
            handling.engine().assign(SOURCE, Progress.at(0));
            return true;
        });
        return handling;
    }

    /** Nothing fails here, so nobody asks for a broker. */
    private static Broker nowhere() {
        return new Broker(
                new KafkaAdmin(Map.of()),
                new DefaultKafkaProducerFactory<byte[], byte[]>(Map.of()),
                new DefaultKafkaConsumerFactory<byte[], byte[]>(Map.of()));
    }

    /** A handler that may wait. */
    private interface Waiting {
        void handle(String event) throws InterruptedException;
    }
}
