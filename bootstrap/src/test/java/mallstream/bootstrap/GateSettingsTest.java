package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateSettingsTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 2", "4, 3", "10, 7", "20, 15", "100, 75"})
    void a_quarter_of_the_pool_is_left_to_others_and_a_connection_to_consumers(int pool, int permits) {
        assertThat(new GateSettings(null).gate(pool).permits()).isEqualTo(permits);
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "2, 8", "9, 1"})
    void what_is_set_is_left_to_others(int httpConnections, int permits) {
        assertThat(new GateSettings(httpConnections).gate(10).permits()).isEqualTo(permits);
    }

    @Test
    void a_pool_without_a_connection_for_consumers_is_refused_with_key_value_and_range() {
        InvalidSetting refusal = catchThrowableOfType(InvalidSetting.class, () -> new GateSettings(10).gate(10));

        assertThat(OneLineReport.line(new InvalidSettingAnalyzer().analyze(refusal, refusal)))
                .isEqualTo("mallstream.gate.http-connections = 10: must be 0 to 9, one less than"
                        + " spring.datasource.hikari.maximum-pool-size = 10 -> correct it, or enlarge the pool");
    }

    @Test
    void less_than_no_connection_is_refused_by_its_name() {
        assertThatThrownBy(() -> new GateSettings(-1)).hasMessage("httpConnections: must be 0 or more");
    }
}
