package mallstream.bootstrap;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.springframework.core.env.Environment;

/** The database's address, {@code spring.datasource.url}. */
final class DatabaseAddress {
    static final String KEY = "spring.datasource.url";
    private static final Pattern USER_INFO = Pattern.compile("^[^?]*//[^/?]*@");

    private DatabaseAddress() {}

    /**
     * What is no address at all fails deep inside the pool, in words of its own, so it is looked at before anything is
     * made. No connection is opened. What the driver has to say is switched off in application.yaml.
     *
     * @throws InvalidSetting if the address is set and no driver takes it, or holds user info
     */
    static void refuseWhatIsNone(Environment environment) {
        String url = environment.getProperty(KEY, "");
        if (url.isBlank()) {
            return;
        }
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw invalid(url, "is no address of a PostgreSQL database");
        }
        // The driver would take user info for a part of the host's name, and tell the password in its messages.
        if (USER_INFO.matcher(url).find()) {
            throw invalid(url, "must not hold a user");
        }
    }

    private static InvalidSetting invalid(String url, String why) {
        return new InvalidSetting(
                KEY + " = " + shown(url) + ": " + why,
                "set SPRING_DATASOURCE_URL=jdbc:postgresql://<host>:5432/<database>,"
                        + " SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD");
    }

    /**
     * @param url an address, or what somebody took for one
     * @return the same without what may hold a password: user info and parameters
     */
    static String shown(String url) {
        return url.replaceAll("\\?.*", "").replaceAll("^([a-z:]*//)?.*@", "$1");
    }
}
