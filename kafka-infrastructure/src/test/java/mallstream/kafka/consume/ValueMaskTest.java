package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueMaskTest {
    private static String mask(String value) {
        return ValueMask.of(value.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\":\"Hong\",\"age\":42,\"vip\":true,\"left\":null} | {\"name\":\"***\",\"age\":\"***\",\"vip\":true,\"left\":null}",
                "{\"lines\":[{\"id\":1.5},[\"a\",-2e9]]} | {\"lines\":[{\"id\":\"***\"},[\"***\",\"***\"]]}",
                "{\"order_no.v-2\":{}} | {\"order_no.v-2\":{}}",
                "{\"hong@example.com\":1,\"홍길동\":2,\"010-1234-5678\":3,\"\":4} | {\"***\":\"***\",\"***\":\"***\",\"***\":\"***\",\"***\":\"***\"}",
                "\"Hong\" | \"***\"",
                "12345 | \"***\"",
                "[] | []"
            })
    void the_structure_is_shown_and_no_content(String value, String masked) {
        assertThat(mask(value)).isEqualTo(masked);
    }

    @Test
    void a_field_whose_name_is_longer_than_64_characters_is_masked() {
        assertThat(mask("{\"" + "a".repeat(64) + "\":1}")).contains("aaaa");
        assertThat(mask("{\"" + "a".repeat(65) + "\":1}")).isEqualTo("{\"***\":\"***\"}");
    }

    @ParameterizedTest
    @CsvSource({"Hong 010-1234-5678", "{\"name\":\"Hong\"", "{} {}", "010", "''", "{'name':1}"})
    void what_is_no_json_is_shown_by_its_size(String value) {
        assertThat(mask(value)).isEqualTo("<" + value.length() + " bytes, not JSON>");
    }

    @Test
    void bytes_that_are_no_text_are_shown_by_their_size() {
        assertThat(ValueMask.of(new byte[] {(byte) 0xff, 0, 17})).isEqualTo("<3 bytes, not JSON>");
        assertThat(ValueMask.of(null)).isEqualTo("<no value>");
    }

    @Test
    void a_long_value_is_cut() {
        String masked = mask("{\"lines\":[" + "{\"name\":\"Hong\"},".repeat(5000) + "1]}");
        assertThat(masked)
                .startsWith("{\"lines\":[{\"name\":\"***\"},")
                .endsWith("]}…")
                .hasSizeLessThan(4200);
    }
}
