package mallstream.member.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class UuidV7Test {
    @Test
    void time_version_and_variant_stand_where_rfc_9562_puts_them() {
        // The example of appendix A.6: 2022-02-22T14:22:22-05:00, rand_a CC3, rand_b 18C4DC0C0C07398F.
        RandomGenerator example = new RandomGenerator() {
            private boolean first = true;

            @Override
            public long nextLong() {
                long value = first ? 0xCC3L : 0x18C4_DC0C_0C07_398FL;
                first = false;
                return value;
            }
        };

        assertThat(UuidV7.at(Instant.parse("2022-02-22T19:22:22Z"), example))
                .isEqualTo(UUID.fromString("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
    }

    @Test
    void random_bits_touch_neither_version_nor_variant_nor_time() {
        RandomGenerator ones = () -> -1L;
        RandomGenerator zeros = () -> 0L;
        Instant now = Instant.parse("2026-01-02T03:04:05.678Z");

        for (RandomGenerator random : new RandomGenerator[] {ones, zeros}) {
            UUID id = UuidV7.at(now, random);
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(now.toEpochMilli());
        }
    }
}
