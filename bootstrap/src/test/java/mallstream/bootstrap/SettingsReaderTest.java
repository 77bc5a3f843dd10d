package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mallstream.notification.GatewaySettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;

class SettingsReaderTest {
    private final StandardEnvironment environment = new StandardEnvironment();

    record Sample(
            Duration timeout,
            int maxAttempts,
            @Nullable List<String> allow,
            @Nullable String secretKey) {
        Sample {
            Objects.requireNonNull(timeout);
            if (maxAttempts < 1 || maxAttempts > 10) {
                throw new IllegalArgumentException("maxAttempts: must be 1 to 10");
            }
            if (timeout.isNegative()) {
                throw new IllegalArgumentException("mallstream.sample.timeout is negative, must be 0s or more");
            }
            if (secretKey != null && secretKey.length() < 4) {
                throw new IllegalArgumentException("secretKey: must have 4 characters or more");
            }
        }
    }

    record Nested(Map<String, Sample> samples) {}

    @Test
    void a_record_is_read_from_a_file_and_from_variables_in_both_spellings() {
        file(Map.of(
                "mallstream.sample.timeout",
                "5s",
                "mallstream.sample.allow[0]",
                "x",
                "mallstream.sample.allow[1]",
                "y"));
        variables(Map.of("MALLSTREAM_SAMPLE_MAXATTEMPTS", "3", "MALLSTREAM_SAMPLE_SECRET_KEY", "abcd"));

        assertThat(read()).isEqualTo(new Sample(Duration.ofSeconds(5), 3, List.of("x", "y"), "abcd"));
    }

    @Test
    void a_list_replaced_by_a_variable_leaves_no_unknown_key_behind() {
        file(Map.of(
                "mallstream.sample.timeout", "5s",
                "mallstream.sample.max-attempts", "3",
                "mallstream.sample.allow[0]", "x",
                "mallstream.sample.allow[1]", "y"));
        variables(Map.of("MALLSTREAM_SAMPLE_ALLOW_0", "z"));

        assertThat(read().allow()).containsExactly("z");
    }

    @Test
    void a_value_of_the_wrong_type_is_told_with_key_value_rule_and_place() {
        variables(Map.of("MALLSTREAM_SAMPLE_TIMEOUT", "soon", "MALLSTREAM_SAMPLE_MAXATTEMPTS", "3"));

        assertThat(refusal())
                .isEqualTo("mallstream.sample.timeout = soon: must be a duration such as 500ms, 10s or 5m"
                        + " -> correct it in \"MALLSTREAM_SAMPLE_TIMEOUT\" from property source \"systemEnvironment\"");
    }

    @Test
    void a_value_out_of_range_is_told_with_key_value_rule_and_place() {
        file(Map.of("mallstream.sample.timeout", "5s", "mallstream.sample.max-attempts", "11"));

        assertThat(refusal())
                .isEqualTo("mallstream.sample.max-attempts = 11: must be 1 to 10"
                        + " -> correct it in \"mallstream.sample.max-attempts\" from property source \"file\"");
    }

    @Test
    void a_record_that_names_the_whole_key_has_said_it_all() {
        file(Map.of("mallstream.sample.timeout", "-5s", "mallstream.sample.max-attempts", "3"));

        assertThat(refusal())
                .isEqualTo("mallstream.sample.timeout is negative, must be 0s or more"
                        + " -> correct it in \"mallstream.sample.timeout\" from property source \"file\"");
    }

    @Test
    void where_several_keys_are_missing_the_variables_of_all_are_told() throws IOException {
        variables(Map.of("MALLSTREAM_NOTICE_GATEWAY_BASEURL", "https://gateway"));

        assertThat(refusalOfGateway())
                .isEqualTo("mallstream.notice.gateway.app-key, mallstream.notice.gateway.secret-key,"
                        + " mallstream.notice.gateway.sender-key must be set where mallstream.notice.gateway.base-url is"
                        + " -> set them, for instance by MALLSTREAM_NOTICE_GATEWAY_APPKEY,"
                        + " MALLSTREAM_NOTICE_GATEWAY_SECRETKEY, MALLSTREAM_NOTICE_GATEWAY_SENDERKEY");
    }

    @Test
    void a_default_inside_the_jar_is_set_from_outside_and_not_corrected_in_its_place() throws IOException {
        variables(Map.of(
                "MALLSTREAM_NOTICE_GATEWAY_BASEURL", "https://gateway",
                "MALLSTREAM_NOTICE_GATEWAY_APPKEY", "app",
                "MALLSTREAM_NOTICE_GATEWAY_SENDERKEY", "sender"));

        assertThat(refusalOfGateway())
                .isEqualTo(
                        "mallstream.notice.gateway.secret-key must be set where mallstream.notice.gateway.base-url is"
                                + " -> set it, for instance by MALLSTREAM_NOTICE_GATEWAY_SECRETKEY");
    }

    /** Over the defaults of the jar. */
    private String refusalOfGateway() throws IOException {
        new YamlPropertySourceLoader()
                .load("defaults", new ClassPathResource("application.yaml"))
                .forEach(environment.getPropertySources()::addLast);
        return line(catchThrowableOfType(
                InvalidSetting.class, () -> reader().read("mallstream.notice.gateway", GatewaySettings.class)));
    }

    @Test
    void a_secret_is_never_told() {
        file(Map.of(
                "mallstream.sample.timeout", "5s",
                "mallstream.sample.max-attempts", "3",
                "mallstream.sample.secret-key", "pst"));

        assertThat(refusal())
                .startsWith("mallstream.sample.secret-key (value not shown): must have 4 characters or more")
                .doesNotContain("pst");
    }

    @Test
    void a_missing_value_is_told_with_the_variable_that_sets_it() {
        file(Map.of("mallstream.sample.max-attempts", "3"));

        assertThat(refusal())
                .isEqualTo("mallstream.sample.timeout is missing -> set it, for instance by MALLSTREAM_SAMPLE_TIMEOUT");
    }

    @Test
    void unknown_keys_are_refused_in_files_variables_and_system_properties() {
        file(Map.of(
                "mallstream.sample.timeout", "5s", "mallstream.sample.max-attempts", "3", "mallstream.sample.x", "1"));
        variables(Map.of("MALLSTREAM_SAMPEL_TIMEOUT", "1s"));
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("systemProperties", Map.of("mallstream.sample.timeuot", "1")));

        assertThat(refusal())
                .contains(
                        "MALLSTREAM_SAMPEL_TIMEOUT", "mallstream.sample.x", "mallstream.sample.timeuot", " are unknown")
                .contains("known are ", "mallstream.sample.max-attempts", "mallstream.sample.timeout");
    }

    @Test
    void an_unknown_key_inside_a_map_of_records_is_refused() {
        file(Map.of(
                "mallstream.sample.samples.a.timeout", "5s",
                "mallstream.sample.samples.a.max-attempts", "3",
                "mallstream.sample.samples.a.max-atempts", "3"));
        SettingsReader reader = reader();
        reader.read("mallstream.sample", Nested.class);

        assertThat(line(catchThrowableOfType(
                        InvalidSetting.class,
                        () -> reader.refuseUnknown("mallstream", List.of("mallstream.elsewhere")))))
                .startsWith("mallstream.sample.samples.a.max-atempts is unknown");
    }

    @Test
    void variables_that_kubernetes_makes_for_a_service_of_our_name_are_no_settings() {
        file(Map.of("mallstream.sample.timeout", "5s", "mallstream.sample.max-attempts", "3"));
        variables(Map.of(
                "MALLSTREAM_SERVICE_HOST", "10.0.0.1",
                "MALLSTREAM_SERVICE_PORT_HTTP", "80",
                "MALLSTREAM_PORT", "tcp://10.0.0.1:80",
                "MALLSTREAM_PORT_80_TCP_ADDR", "10.0.0.1"));

        assertThat(read().maxAttempts()).isEqualTo(3);
    }

    private Sample read() {
        SettingsReader reader = reader();
        Sample sample = reader.read("mallstream.sample", Sample.class);
        reader.refuseUnknown("mallstream", List.of("mallstream.elsewhere"));
        return sample;
    }

    private SettingsReader reader() {
        ConfigurationPropertySources.attach(environment);
        return new SettingsReader(environment);
    }

    private String refusal() {
        return line(catchThrowableOfType(InvalidSetting.class, this::read));
    }

    private static String line(InvalidSetting refusal) {
        return OneLineReport.line(new InvalidSettingAnalyzer().analyze(refusal, refusal));
    }

    private void file(Map<String, Object> values) {
        environment.getPropertySources().addLast(new MapPropertySource("file", values));
    }

    private void variables(Map<String, Object> values) {
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, values));
    }
}
