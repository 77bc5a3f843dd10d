package mallstream.bootstrap.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A few seconds of {@link HangingReceivers}, in every build; how long things take is not looked at. */
class HangingReceiversIT {
    @Test
    void the_others_get_everything_while_those_that_hang_are_paused() throws Exception {
        try (var program = new HangingReceivers(20, Set.of(3, 13), Duration.ofMillis(500))) {
            HangingReceivers.Half well = program.measure(false, 1, 100);
            HangingReceivers.Half beside = program.measure(true, 3, 100);

            assertThat(well.nanos()).hasSize(90);
            assertThat(beside.nanos()).hasSize(270);
            assertThat(well.missing() + beside.missing()).isZero();
            assertThat(well.paused()).isZero();
            assertThat(beside.paused()).isEqualTo(2);
            assertThat(beside.hung()).as("five each until the pause").isBetween(10, 30);
        }
    }
}
