package mallstream.kafka.consume.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import mallstream.kafka.consume.core.Rescue.Change;
import mallstream.kafka.consume.core.Rescue.Sighting;
import mallstream.kafka.consume.core.Rescue.State;
import mallstream.kafka.consume.core.Rescue.Stranger;
import org.junit.jupiter.api.Test;

class RescueTest {
    /** System.nanoTime may begin anywhere, and pass the end of the long. */
    private static final long BEGIN = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

    private static final Stranger COPY = new Stranger("copy-1", "10.0.0.7", List.of("signed-up-0", "signed-up-1"));
    private static final Stranger OTHER = new Stranger("other-1", "10.0.0.8", List.of());

    private final Rescue rescue = new Rescue(Duration.ofSeconds(60));

    private static long at(int seconds) {
        return BEGIN + Duration.ofSeconds(seconds).toNanos();
    }

    private State state() {
        return rescue.status().state();
    }

    @Test
    void with_nobody_else_there_it_stays_in_its_group() {
        assertThat(rescue.seen(List.of(), at(0))).isEqualTo(new Change(State.NORMAL, false, List.of(), List.of()));
        rescue.lookFailed();
        assertThat(rescue.seen(List.of(), at(100)).moved()).isFalse();
    }

    @Test
    void it_moves_as_soon_as_a_stranger_is_seen_and_says_who_once() {
        assertThat(rescue.seen(List.of(COPY), at(0)))
                .isEqualTo(new Change(State.RESCUED, true, List.of(COPY), List.of()));
        assertThat(rescue.seen(List.of(COPY), at(10)))
                .isEqualTo(new Change(State.RESCUED, false, List.of(), List.of()));
    }

    @Test
    void it_moves_when_it_is_refused_though_nobody_was_seen() {
        assertThat(rescue.refused(at(0))).isEqualTo(new Change(State.RESCUED, true, List.of(), List.of()));
        assertThat(rescue.refused(at(1)).moved()).isFalse();
        assertThat(rescue.status().present()).isEmpty();
        assertThat(rescue.seen(List.of(COPY), at(2)).arrived()).containsExactly(COPY);
    }

    @Test
    void it_moves_back_when_nobody_was_seen_for_the_quiet_time() {
        rescue.seen(List.of(COPY), at(0));
        assertThat(rescue.seen(List.of(), at(10)))
                .isEqualTo(new Change(State.RESCUED, false, List.of(), List.of(COPY)));
        assertThat(rescue.status().quietSince()).isEqualTo(at(10));
        assertThat(rescue.seen(List.of(), at(69)).moved()).isFalse();
        assertThat(rescue.seen(List.of(), at(70))).isEqualTo(new Change(State.NORMAL, true, List.of(), List.of()));
        assertThat(rescue.status().quietSince()).isNull();
    }

    @Test
    void a_stranger_that_comes_back_begins_the_quiet_time_anew() {
        rescue.seen(List.of(COPY), at(0));
        rescue.seen(List.of(), at(10));
        rescue.seen(List.of(COPY), at(60));
        assertThat(rescue.seen(List.of(), at(70)).moved()).isFalse();
        assertThat(rescue.seen(List.of(), at(129)).moved()).isFalse();
        assertThat(rescue.seen(List.of(), at(130)).state()).isEqualTo(State.NORMAL);
    }

    @Test
    void a_look_that_fails_proves_nothing_and_begins_the_quiet_time_anew() {
        rescue.seen(List.of(COPY), at(0));
        rescue.seen(List.of(), at(10));
        rescue.lookFailed();
        assertThat(rescue.seen(List.of(), at(70)).moved()).isFalse();
        assertThat(rescue.seen(List.of(), at(130)).moved()).isTrue();
    }

    @Test
    void a_stranger_stays_named_while_looks_fail() {
        rescue.seen(List.of(COPY), at(0));
        rescue.lookFailed();
        assertThat(rescue.status().present()).containsExactly(new Sighting(COPY, at(0)));
        assertThat(state()).isEqualTo(State.RESCUED);
    }

    @Test
    void a_refusal_after_the_return_moves_it_again_and_begins_the_quiet_time_anew() {
        rescue.refused(at(0));
        rescue.seen(List.of(), at(10));
        assertThat(rescue.seen(List.of(), at(70)).state()).isEqualTo(State.NORMAL);
        assertThat(rescue.refused(at(71)).moved()).isTrue();
        assertThat(rescue.seen(List.of(), at(80)).moved()).isFalse();
        assertThat(rescue.seen(List.of(), at(140)).moved()).isTrue();
    }

    @Test
    void a_refusal_during_the_quiet_time_begins_it_anew() {
        rescue.refused(at(0));
        rescue.seen(List.of(), at(10));
        rescue.refused(at(60));
        assertThat(rescue.seen(List.of(), at(70)).state()).isEqualTo(State.RESCUED);
        assertThat(rescue.seen(List.of(), at(130)).state()).isEqualTo(State.NORMAL);
    }

    @Test
    void who_is_there_is_kept_with_its_first_sight_and_its_last_partitions() {
        Stranger less = new Stranger(COPY.clientId(), COPY.host(), List.of("signed-up-0"));
        rescue.seen(List.of(COPY), at(0));
        assertThat(rescue.seen(List.of(less, OTHER), at(10)))
                .isEqualTo(new Change(State.RESCUED, false, List.of(OTHER), List.of()));
        assertThat(rescue.status().since()).isEqualTo(at(0));
        assertThat(rescue.status().present()).containsExactly(new Sighting(less, at(0)), new Sighting(OTHER, at(10)));
        assertThat(rescue.seen(List.of(OTHER), at(20)).left()).containsExactly(less);
    }

    @Test
    void consumers_of_one_process_with_one_client_id_are_one_stranger() {
        Stranger second = new Stranger(COPY.clientId(), COPY.host(), List.of("signed-up-2"));
        assertThat(rescue.seen(List.of(COPY, second), at(0)).arrived()).hasSize(1);
        assertThat(rescue.status().present())
                .extracting(each -> each.stranger().partitions())
                .containsExactly(List.of("signed-up-0", "signed-up-1", "signed-up-2"));
    }

    @Test
    void words_name_client_host_time_and_partitions() {
        assertThat(new Sighting(COPY, at(0)).words(at(75)))
                .isEqualTo("copy-1 on 10.0.0.7 for 75 s, with signed-up-0, signed-up-1");
        assertThat(new Sighting(OTHER, at(0)).words(at(1))).isEqualTo("other-1 on 10.0.0.8 for 1 s, with no partition");
    }
}
