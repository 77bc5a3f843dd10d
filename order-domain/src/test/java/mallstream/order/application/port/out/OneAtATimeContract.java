package mallstream.order.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What every {@link OneAtATime} does: the fake and the database both sit this test. */
public abstract class OneAtATimeContract {
    private static final Duration LONG = Duration.ofMinutes(3);

    /** No test knows the locks of another. */
    private final String what = "test/" + UUID.randomUUID();

    /** One of two instances. */
    protected abstract OneAtATime one();

    /** The other one. */
    protected abstract OneAtATime other();

    /** The time of all locks that are held is over. */
    protected abstract void timePasses();

    @Test
    void who_holds_it_keeps_out_others_and_lets_them_in_afterwards() {
        assertThat(one().run(what, LONG, () -> {
                    assertThat(other().run(what, LONG, () -> "too early")).isEmpty();
                    assertThat(one().run(what, LONG, () -> "again")).isEmpty();
                    assertThat(other().run(what + "x", LONG, () -> "else")).hasValue("else");
                    return "done";
                }))
                .hasValue("done");
        assertThat(other().run(what, LONG, () -> "now")).hasValue("now");
        assertThat(one().run(what, LONG, () -> "and back")).hasValue("and back");
    }

    @Test
    void a_holder_that_outlives_its_time_keeps_out_nobody() {
        assertThat(one().run(what, LONG, () -> {
                    timePasses();
                    return other().run(what, LONG, () -> "taken over").orElse("kept out");
                }))
                .hasValue("taken over");
    }

    @Test
    void the_end_of_one_that_outlived_its_time_does_not_end_the_turn_of_the_next() throws InterruptedException {
        CountDownLatch took = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<Optional<Optional<String>>> next = new AtomicReference<>(Optional.empty());
        Thread second = Thread.ofVirtual()
                .unstarted(() -> next.set(other().run(what, LONG, () -> {
                    took.countDown();
                    await(ended);
                    return one().run(what, LONG, () -> "both");
                })));
        one().run(what, LONG, () -> {
            timePasses();
            second.start();
            await(took);
            return true;
        });
        ended.countDown();
        assertThat(second.join(Duration.ofSeconds(30))).isTrue();
        assertThat(next.get()).hasValue(Optional.empty());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void work_that_throws_holds_nobody_up() {
        IllegalStateException broken = new IllegalStateException("on purpose");
        assertThatThrownBy(() -> one().run(what, LONG, () -> {
                    throw broken;
                }))
                .isSameAs(broken);
        assertThat(other().run(what, LONG, () -> "next")).hasValue("next");
        AssertionError died = new AssertionError("on purpose");
        assertThatThrownBy(() -> one().run(what, LONG, () -> {
                    throw died;
                }))
                .isSameAs(died);
        assertThat(other().run(what, LONG, () -> "next")).hasValue("next");
    }
}
