package mallstream.order.adapter.out.naverpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class NaverTokensTest {
    @Test
    void the_signature_is_that_of_the_documentation() {
        assertThat(NaverTokens.sign(
                        "aaaabbbbcccc", "$2a$10$abcdefghijklmnopqrstuv", Instant.ofEpochMilli(1643961623299L)))
                .isEqualTo("JDJhJDEwJGFiY2RlZmdoaWprbG1ub3BxcnN0dXVCVldZSk42T0VPdEx1OFY0cDQxa2IuTnpVaUEzbmsy");
    }

    @Test
    void a_time_keeps_its_milliseconds_and_is_korean() {
        assertThat(NaverTimes.write(Instant.parse("2022-05-11T13:27:54Z"))).isEqualTo("2022-05-11T22:27:54.000+09:00");
        assertThat(NaverTimes.read("2022-05-11T22:27:54.781+09:00"))
                .isEqualTo(Instant.parse("2022-05-11T13:27:54.781Z"));
        assertThat(NaverTimes.read("yesterday")).isNull();
    }
}
