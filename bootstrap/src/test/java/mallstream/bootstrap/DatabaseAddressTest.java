package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class DatabaseAddressTest {
    @ParameterizedTest
    @CsvSource({
        "localhost:5432, localhost:5432",
        "postgresql://localhost/mallstream, postgresql://localhost/mallstream",
        "postgres://hong:hidden@localhost/mallstream, postgres://localhost/mallstream",
        "hong:hidden@localhost, localhost",
        "jdbc:mysql://localhost/mallstream?password=hidden, jdbc:mysql://localhost/mallstream",
        "jdbc:postgresql://localhost:port/mallstream, jdbc:postgresql://localhost:port/mallstream",
        "jdbc:postgresql://localhost:5432:5432/mallstream, jdbc:postgresql://localhost:5432:5432/mallstream",
    })
    void what_is_no_address_is_refused_and_shown_without_a_password(String url, String shown) {
        InvalidSetting refusal = catchThrowableOfType(InvalidSetting.class, () -> check(url));

        assertThat(refusal).hasMessage("spring.datasource.url = " + shown + ": is no address of a PostgreSQL database");
        assertThat(refusal.remedy()).startsWith("set SPRING_DATASOURCE_URL=jdbc:postgresql://");
    }

    @Test
    void user_info_is_refused_since_the_driver_would_tell_it() {
        assertThat(catchThrowableOfType(
                        InvalidSetting.class, () -> check("jdbc:postgresql://hong:hidden@localhost:5432/mallstream")))
                .hasMessage(
                        "spring.datasource.url = jdbc:postgresql://localhost:5432/mallstream: must not hold a user");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost:5432/mallstream",
                "jdbc:postgresql://one.invalid:5432,two.invalid/mallstream?targetServerType=primary",
                "jdbc:postgresql:mallstream",
                "jdbc:postgresql://localhost/mallstream?options=a//b@c",
                " "
            })
    void an_address_is_taken_wherever_it_leads(String url) {
        assertThatCode(() -> check(url)).doesNotThrowAnyException();
    }

    /** Whether one is needed is for the pool to say: tests bring connections of their own. */
    @Test
    void none_is_taken() {
        assertThatCode(() -> DatabaseAddress.refuseWhatIsNone(new MockEnvironment()))
                .doesNotThrowAnyException();
    }

    /** Its own look is not used, because it logs parts of the address; but both see the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql:",
                "jdbc:postgresql:mallstream",
                "jdbc:postgresql:/mallstream",
                "jdbc:postgresql://localhost",
                "jdbc:postgresql://localhost/",
                "jdbc:postgresql:///mallstream",
                "jdbc:postgresql://localhost/mall:stream",
                "jdbc:postgresql://localhost:1/mallstream",
                "jdbc:postgresql://localhost:65535/mallstream",
                "jdbc:postgresql://localhost:65536/mallstream",
                "jdbc:postgresql://localhost:0/mallstream",
                "jdbc:postgresql://localhost:/mallstream",
                "jdbc:postgresql://localhost:54 32/mallstream",
                "jdbc:postgresql://localhost?user=hong",
                "jdbc:postgresql:mallstream?user=hong",
                "jdbc:postgresql://[::1]/mallstream",
                "jdbc:postgresql://[::1]:5432/mallstream",
                "jdbc:postgresql://one,two:5433/mallstream",
                "jdbc:postgresql://one:x,two:5433/mallstream",
                "jdbc:postgres://localhost/mallstream",
                "JDBC:postgresql://localhost/mallstream"
            })
    void the_driver_takes_the_same_addresses(String url) {
        assertThat(catchThrowable(() -> check(url)) == null)
                .isEqualTo(catchThrowable(() -> DriverManager.getDriver(url)) == null);
    }

    private static void check(String url) {
        DatabaseAddress.refuseWhatIsNone(new MockEnvironment().withProperty("spring.datasource.url", url));
    }
}
