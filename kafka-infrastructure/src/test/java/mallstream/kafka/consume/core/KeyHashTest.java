package mallstream.kafka.consume.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyHashTest {
    @Test
    void a_key_is_shown_as_the_first_12_digits_of_its_hash() {
        assertThat(KeyHash.of("abc".getBytes(UTF_8))).isEqualTo("ba7816bf8f01");
        assertThat(KeyHash.of(new byte[0])).isEqualTo("e3b0c44298fc");
    }

    @Test
    void a_record_without_a_key_says_so() {
        assertThat(KeyHash.of(null)).isEqualTo("none");
    }
}
