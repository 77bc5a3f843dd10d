package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import mallstream.kafka.BudgetSettings;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.unit.DataSize;

/** Bounds that all subscriptions of an instance share, as they are read from settings. */
class SharedBoundsTest {
    @Test
    void they_are_read_and_may_be_left_out() {
        assertThat(read("mallstream.budget", BudgetSettings.class, "bytes", "16MB")
                        .bytes())
                .isEqualTo(DataSize.ofMegabytes(16));
        assertThat(read("mallstream.budget", BudgetSettings.class, "other", "1")
                        .bytes()
                        .toMegabytes())
                .isGreaterThanOrEqualTo(8);
        assertThat(read("mallstream.gate", GateSettings.class, "http-connections", "4")
                        .httpConnections())
                .isEqualTo(4);
        assertThat(read("mallstream.gate", GateSettings.class, "other", "1").httpConnections())
                .isNull();
    }

    @Test
    void a_wrong_value_is_told_with_key_value_and_range() {
        assertThat(refusal("mallstream.budget", BudgetSettings.class, "bytes", "7MB"))
                .startsWith("mallstream.budget.bytes = 7MB: must be 8MB to 1TB");
        assertThat(refusal("mallstream.budget", BudgetSettings.class, "bytes", "1TB"))
                .startsWith("mallstream.budget.bytes = 1TB: must not exceed the largest heap, ");
        assertThat(refusal("mallstream.budget", BudgetSettings.class, "bytes", "a lot"))
                .startsWith("mallstream.budget.bytes = a lot: must be a size such as 512KB or 64MB");
        assertThat(refusal("mallstream.gate", GateSettings.class, "http-connections", "-1"))
                .startsWith("mallstream.gate.http-connections = -1: must be 0 or more");
        assertThat(refusal("mallstream.gate", GateSettings.class, "http-connections", "few"))
                .startsWith("mallstream.gate.http-connections = few: must be a whole number");
    }

    private static <T extends Record> T read(String prefix, Class<T> type, String key, String value) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("file", Map.of(prefix + "." + key, value)));
        ConfigurationPropertySources.attach(environment);
        return new SettingsReader(environment).read(prefix, type);
    }

    private static String refusal(String prefix, Class<? extends Record> type, String key, String value) {
        InvalidSetting refusal = catchThrowableOfType(InvalidSetting.class, () -> read(prefix, type, key, value));
        return OneLineReport.line(new InvalidSettingAnalyzer().analyze(refusal, refusal));
    }
}
