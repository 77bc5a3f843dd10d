package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CallGateTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void who_finds_no_place_waits_until_somebody_leaves() throws InterruptedException {
        CallGate gate = new CallGate(1);
        gate.enter();
        CountDownLatch in = new CountDownLatch(1);
        Thread other = Thread.ofVirtual().start(() -> {
            enter(gate);
            in.countDown();
            gate.leave();
        });
        awaitWaiting(gate, 1);
        assertThat(in.getCount()).isEqualTo(1);

        gate.leave();

        assertThat(in.await(30, TimeUnit.SECONDS)).isTrue();
        other.join();
        assertThat(gate.waiting()).isZero();
    }

    @Test
    void places_are_given_in_the_order_of_coming() throws InterruptedException {
        CallGate gate = new CallGate(1);
        gate.enter();
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            callers.add(Thread.ofVirtual().start(() -> {
                enter(gate);
                order.add(number);
                gate.leave();
            }));
            awaitWaiting(gate, i + 1);
        }

        gate.leave();

        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(order).hasSize(20).isSorted();
    }

    @Test
    void an_interrupt_ends_the_waiting_and_takes_no_place() throws InterruptedException {
        CallGate gate = new CallGate(1);
        gate.enter();
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                gate.enter();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        awaitWaiting(gate, 1);

        waiting.interrupt();

        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(gate.waiting()).isZero();
        gate.leave();
        gate.enter();
    }

    @Test
    void leaving_more_often_than_entering_is_refused() {
        CallGate gate = new CallGate(2);
        assertThatThrownBy(gate::leave).isInstanceOf(IllegalStateException.class);
        assertThat(gate.permits()).isEqualTo(2);
    }

    @Test
    void a_gate_that_lets_nobody_through_is_refused() {
        assertThatThrownBy(() -> new CallGate(0)).hasMessage("permits: is 0, must be 1 or more");
    }

    /** Some are interrupted at random; whatever happens, places are neither lost nor made up. */
    @Test
    void among_thousands_never_more_are_in_than_may_and_everybody_gets_through() throws InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int permits = 8;
        int all = 5_000;
        CallGate gate = new CallGate(permits);
        CountDownLatch full = new CountDownLatch(1);
        AtomicInteger in = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger through = new AtomicInteger();
        AtomicInteger gaveUp = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < all; i++) {
            callers.add(Thread.ofVirtual().start(() -> {
                try {
                    gate.enter();
                } catch (InterruptedException e) {
                    gaveUp.incrementAndGet();
                    return;
                }
                try {
                    most.accumulateAndGet(in.incrementAndGet(), Math::max);
                    full.await();
                } catch (InterruptedException e) {
                    // It is in all the same, and leaves as everybody does.
                } finally {
                    in.decrementAndGet();
                    through.incrementAndGet();
                    gate.leave();
                }
            }));
        }
        await("the gate is full").atMost(PATIENCE).until(() -> gate.waiting() == all - permits);
        for (int i = 0; i < all / 10; i++) {
            callers.get(random.nextInt(all)).interrupt();
        }
        full.countDown();
        for (Thread caller : callers) {
            assertThat(caller.join(PATIENCE)).as("seed %s", seed).isTrue();
        }

        assertThat(most).as("seed %s", seed).hasValue(permits);
        assertThat(gaveUp).as("seed %s", seed).hasPositiveValue();
        assertThat(through.get() + gaveUp.get()).as("seed %s", seed).isEqualTo(all);
        for (int i = 0; i < permits; i++) {
            gate.enter();
        }
        assertThat(gate.waiting()).isZero();
        for (int i = 0; i < permits; i++) {
            gate.leave();
        }
        assertThatThrownBy(gate::leave).isInstanceOf(IllegalStateException.class);
    }

    private static void enter(CallGate gate) {
        try {
            gate.enter();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitWaiting(CallGate gate, int count) {
        await(count + " waiting").atMost(PATIENCE).until(() -> gate.waiting() == count);
    }
}
