package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mallstream.order.adapter.out.naverpay.NaverSettings;
import mallstream.order.model.MallId;
import mallstream.order.model.PullPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;

/** What an operator reads who set an account of Naver Pay wrong; read over the defaults of the jar. */
class NaverSettingsTest {
    private static final String NAVER = "mallstream.order.naver.";
    private static final String ACCOUNT = NAVER + "accounts[0].";
    private static final String SECRET = "$2a$10$abcdefghijklmnopqrstuv";

    private final Map<String, Object> file = new LinkedHashMap<>(Map.of(
            ACCOUNT + "mall-id", "mall-1",
            ACCOUNT + "client-id", "aaaabbbbcccc",
            ACCOUNT + "client-secret", SECRET,
            ACCOUNT + "type", "self",
            ACCOUNT + "since", "2026-01-02T03:04:05Z"));

    @Test
    void without_accounts_nothing_is_pulled_and_every_other_key_has_a_default() throws IOException {
        file.clear();
        assertThat(read(Map.of()).plan())
                .isEqualTo(new PullPlan(List.of(), Duration.ofMinutes(1), Duration.ofMinutes(10)));
    }

    @Test
    void an_account_is_read_from_a_file_and_from_variables() throws IOException {
        PullPlan.Account account = new PullPlan.Account(new MallId("mall-1"), Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(read(Map.of()).plan().accounts()).containsExactly(account);
        file.clear();
        Map<String, Object> variables = Map.of(
                "MALLSTREAM_ORDER_NAVER_ACCOUNTS_0_MALLID", "mall-1",
                "MALLSTREAM_ORDER_NAVER_ACCOUNTS_0_CLIENTID", "aaaabbbbcccc",
                "MALLSTREAM_ORDER_NAVER_ACCOUNTS_0_CLIENTSECRET", SECRET,
                "MALLSTREAM_ORDER_NAVER_ACCOUNTS_0_TYPE", "SELLER",
                "MALLSTREAM_ORDER_NAVER_ACCOUNTS_0_ACCOUNTID", "seller-1",
                "MALLSTREAM_ORDER_NAVER_ACCOUNTS_0_SINCE", "2026-01-02T12:04:05+09:00");
        assertThat(read(variables).plan().accounts()).containsExactly(account);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "base-url | ftp://naver | = ftp://naver: must be http(s)://host[:port][/path] without query and fragment",
                "base-url | https://naver/?a=b | = https://naver/?a=b: must be http(s)://host[:port][/path] without query and fragment",
                "base-url | https://user:word@naver | = https://naver: must carry no user info",
                "poll-interval | 500ms | = 500ms: must be 1 s to 3600 s",
                "poll-interval | soon | = soon: must be a duration such as 500ms, 10s or 5m",
                "overlap | 7h | = 7h: must be 0 s to 21600 s",
                "overlap | -1s | = -1s: must be 0 s to 21600 s",
                "accounts[0].mall-id | Mall 1 | = Mall 1: must match [a-z0-9][a-z0-9-]{0,39}",
                "accounts[0].client-id | a b | = a b: must match [A-Za-z0-9_.-]{1,50}",
                "accounts[0].type | both | = both: must be one of self, seller",
                "accounts[0].type | seller | account-id: must be set with type SELLER",
                "accounts[0].account-id | seller-1 | = seller-1: only with type SELLER",
                "accounts[0].since | 2026-01-02 | = 2026-01-02: must be a time such as 2026-01-02T03:04:05Z",
                "accounts[0].since | 2026-01-02T03:04:05 | = 2026-01-02T03:04:05: must be a time such as 2026-01-02T03:04:05Z",
            })
    void each_wrong_value_is_told_in_one_line_with_key_value_and_rule(String key, String value, String told)
            throws IOException {
        file.put(NAVER + key, value);
        String expected = told.startsWith("=") ? NAVER + key + " " + told : ACCOUNT + told;
        assertThat(refusal()).startsWith(expected + " -> ").doesNotContain("\n", "user:word");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "an-open-secret",
                "$2a$10$abcdefghijklmnopqrstu",
                "$2a$10$abcdefghijklmnopqrstuvw",
                "$2a$31$abcdefghijklmnopqrstuv",
                "$3a$10$abcdefghijklmnopqrstuv",
                " "
            })
    void a_secret_of_another_form_is_refused_and_never_told(String secret) throws IOException {
        file.put(ACCOUNT + "client-secret", secret);
        assertThat(refusal())
                .startsWith(ACCOUNT + "client-secret (value not shown): must be the secret as Naver shows it,")
                .doesNotContain("\n", "an-open-secret", "abcdefghijkl");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mall-id", "client-id", "client-secret", "type", "since"})
    void a_missing_key_is_told_with_the_variable_that_sets_it(String key) throws IOException {
        file.remove(ACCOUNT + key);
        assertThat(refusal())
                .isEqualTo(ACCOUNT + key + " is missing -> set it, for instance by MALLSTREAM_ORDER_NAVER_ACCOUNTS_0_"
                        + key.replace("-", "").toUpperCase(Locale.ROOT));
    }

    @Test
    void no_other_wrong_value_tells_the_secret_beside_it() throws IOException {
        for (String key : List.of("mall-id", "client-id", "type", "since")) {
            Object right = file.put(ACCOUNT + key, "!");
            assertThat(refusal()).startsWith(ACCOUNT + key + " = !: ").doesNotContain("abcdefghijkl");
            file.put(ACCOUNT + key, String.valueOf(right));
        }
        assertThat(read(Map.of()).toString()).doesNotContain("abcdefghijkl", "aaaabbbbcccc");
    }

    @Test
    void two_accounts_of_a_mall_are_refused() throws IOException {
        Map.copyOf(file).forEach((key, value) -> file.put(key.replace("[0]", "[1]"), value));
        assertThat(refusal())
                .startsWith(NAVER + "accounts: must be of different malls")
                .doesNotContain("\n", "abcdefghijkl");
    }

    @Test
    void a_misspelled_key_of_an_account_is_refused() throws IOException {
        file.put(ACCOUNT + "sinse", "2026-01-02T03:04:05Z");
        assertThat(refusal()).startsWith(ACCOUNT + "sinse is unknown").doesNotContain("\n", "abcdefghijkl");
    }

    private String refusal() throws IOException {
        InvalidSetting refusal = catchThrowableOfType(InvalidSetting.class, () -> read(Map.of()));
        assertThat(refusal).isNotNull();
        return OneLineReport.line(new InvalidSettingAnalyzer().analyze(refusal, refusal));
    }

    private NaverSettings read(Map<String, Object> variables) throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        environment.getPropertySources().addLast(new MapPropertySource("file", Map.copyOf(file)));
        new YamlPropertySourceLoader()
                .load("defaults", new ClassPathResource("application.yaml"))
                .forEach(environment.getPropertySources()::addLast);
        ConfigurationPropertySources.attach(environment);
        SettingsReader reader = new SettingsReader(environment);
        NaverSettings settings = reader.read("mallstream.order.naver", NaverSettings.class);
        reader.refuseUnknown("mallstream.order.naver", List.of());
        return settings;
    }
}
