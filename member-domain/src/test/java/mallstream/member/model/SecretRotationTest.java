package mallstream.member.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SecretRotationTest {
    @Test
    void an_overlap_is_from_nothing_to_thirty_days() {
        assertThat(new SecretRotation(Duration.ZERO).overlap()).isZero();
        assertThat(new SecretRotation(Duration.ofDays(30)).overlap()).hasDays(30);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecretRotation(Duration.ofMillis(-1)))
                .withMessage("overlap: must be 0s to 30d");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecretRotation(Duration.ofDays(30).plusMillis(1)))
                .withMessage("overlap: must be 0s to 30d");
    }
}
