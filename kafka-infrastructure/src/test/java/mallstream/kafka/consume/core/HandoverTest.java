package mallstream.kafka.consume.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private static final int CALLS = 400_000;
    private static final int WORKERS = 4;

    private final Handover<String> handover = new Handover<>();

    private static Call<String> call(long number) {
        return new Call<>(number, List.of());
    }

    @Test
    void the_call_that_began_first_is_taken_first() {
        handover.begun(call(1));
        handover.begun(call(2));
        assertThat(taken()).isEqualTo(1);
        handover.begun(call(3));
        assertThat(List.of(taken(), taken())).containsExactly(2L, 3L);
        assertThat(handover.take()).isNull();
        assertThat(handover.waits()).isFalse();
    }

    @Test
    void what_has_ended_is_given_in_the_order_of_ending_and_once() {
        handover.ended(call(1));
        handover.ended(call(2));
        List<Long> ended = new ArrayList<>();
        handover.takeEnded(each -> ended.add(each.number));
        handover.takeEnded(each -> ended.add(each.number));
        assertThat(ended).containsExactly(1L, 2L);
    }

    /** A call that runs for long must not keep those in memory that came after it. */
    @Test
    void a_call_that_was_taken_leads_to_no_other_one() {
        handover.begun(call(1));
        handover.begun(call(2));
        handover.begun(call(3));
        for (Call<String> each = handover.take(); each != null; each = handover.take()) {
            assertThat(each.below).isNull();
        }
    }

    /** The stress that stands in for a proof: threads take and give back as fast as they can, and every call passes once. */
    @Test
    void every_call_passes_once_whoever_takes_it() throws InterruptedException {
        AtomicIntegerArray takenTimes = new AtomicIntegerArray(CALLS);
        AtomicIntegerArray endedTimes = new AtomicIntegerArray(CALLS);
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(WORKERS);
        for (int i = 0; i < WORKERS; i++) {
            Thread.ofPlatform().daemon().start(() -> {
                while (ended.get() < CALLS) {
                    Call<String> call = handover.take();
                    if (call != null) {
                        takenTimes.incrementAndGet((int) call.number);
                        handover.ended(call);
                    }
                    handover.takeEnded(each -> {
                        endedTimes.incrementAndGet((int) each.number);
                        ended.incrementAndGet();
                    });
                }
                all.countDown();
            });
        }
        for (int i = 0; i < CALLS; i++) {
            handover.begun(call(i));
        }
        assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < CALLS; i++) {
            if (takenTimes.get(i) != 1 || endedTimes.get(i) != 1) {
                assertThat(List.of(takenTimes.get(i), endedTimes.get(i)))
                        .as("how often call %s was taken and ended", i)
                        .containsExactly(1, 1);
            }
        }
    }

    private @Nullable Long taken() {
        Call<String> call = handover.take();
        return call == null ? null : call.number;
    }
}
