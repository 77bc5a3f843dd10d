package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class SecuritySettingsTest {
    private static final String KEY = "mallstream.security.keys[0].";
    private static final String JWT = "spring.security.oauth2.resourceserver.jwt.";

    private final Map<String, Object> values = new HashMap<>(Map.of(
            KEY + "name",
            "collector",
            KEY + "role",
            "api",
            KEY + "sha256",
            "a".repeat(64),
            KEY + "malls",
            "mall-1, mall-2"));

    @Test
    void keys_are_read_and_show_nothing_of_themselves() {
        SecuritySettings settings = read();

        assertThat(settings.keys()).hasSize(1);
        assertThat(settings.keys().getFirst().malls()).containsExactly("mall-1", "mall-2");
        assertThat(settings.toString()).contains("collector").doesNotContain("aaaa");
    }

    @Test
    void a_key_that_is_wrong_in_any_part_is_refused() {
        refused("role", "admin", "mallstream.security.keys[0].role = admin: must be one of api, viewer, operator");
        refused(
                "sha256",
                "a1b2",
                "mallstream.security.keys[0].sha256 (value not shown): must be 64 hexadecimal digits");
        refused("name", "a:b", "mallstream.security.keys[0].name = a:b: must match");
        refused("malls", "Mall", "mallstream.security.keys[0].malls = Mall: each mallId: must match");
        refused("malls", "", "mallstream.security.keys[0].malls = : must name a mall, or be left out for all malls");
        refused(
                "role",
                "viewer",
                "mallstream.security.keys[0].malls = mall-1, mall-2: bounds keys of the role api only");
        refused("rolle", "api", "mallstream.security.keys[0].rolle is unknown");
    }

    @Test
    void a_key_without_name_role_or_hash_is_refused() {
        values.remove(KEY + "role");

        assertThat(refusal()).startsWith("mallstream.security.keys[0].role is missing");
    }

    @Test
    void two_keys_of_one_name_and_one_key_under_two_names_are_refused() {
        values.put("mallstream.security.keys[1].name", "collector");
        values.put("mallstream.security.keys[1].role", "api");
        values.put("mallstream.security.keys[1].sha256", "b".repeat(64));
        assertThat(refusal()).contains("two keys have the name collector");

        values.put("mallstream.security.keys[1].name", "other");
        values.put("mallstream.security.keys[1].sha256", "A".repeat(64));
        assertThat(refusal()).contains("the key other is the same as another one");
    }

    @Test
    void without_keys_and_issuer_nobody_could_call_and_a_way_to_make_a_key_is_told() {
        values.clear();

        assertThat(refusal()).contains("nobody could call").contains("openssl rand -hex 32");
    }

    @Test
    void an_issuer_needs_an_audience() {
        values.clear();
        values.put(JWT + "issuer-uri", "https://issuer.example");
        assertThat(refusal()).contains("jwt.audiences is missing");

        values.put(JWT + "audiences", "mallstream");
        assertThatCode(this::read).doesNotThrowAnyException();
    }

    private void refused(String part, String value, String line) {
        Map<String, Object> before = Map.copyOf(values);
        values.put(KEY + part, value);
        assertThat(refusal()).startsWith(line);
        values.clear();
        values.putAll(before);
    }

    private String refusal() {
        InvalidSetting refusal = catchThrowableOfType(InvalidSetting.class, this::read);
        return OneLineReport.line(new InvalidSettingAnalyzer().analyze(refusal, refusal));
    }

    private SecuritySettings read() {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("file", values));
        ConfigurationPropertySources.attach(environment);
        SettingsReader reader = new SettingsReader(environment);
        SecuritySettings settings = reader.read("mallstream.security", SecuritySettings.class);
        reader.refuseUnknown("mallstream", List.of("mallstream.elsewhere"));
        settings.refuseToBeWithoutKeys(environment);
        return settings;
    }
}
