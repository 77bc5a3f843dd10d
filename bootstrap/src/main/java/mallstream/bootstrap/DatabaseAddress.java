package mallstream.bootstrap;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.springframework.core.env.Environment;

/** The database's address, {@code spring.datasource.url}. */
final class DatabaseAddress {
    static final String KEY = "spring.datasource.url";

    private DatabaseAddress() {}

    /**
     * What is no address at all fails deep inside the pool, in words of its own, so it is looked at before anything is
     * made. No connection is opened. What the driver has to say is switched off in application.yaml.
     *
     * @throws InvalidSetting if the address is set and no driver takes it
     */
    static void refuseWhatIsNone(Environment environment) {
        String url = environment.getProperty(KEY, "");
        if (url.isBlank()) {
            return;
        }
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw new InvalidSetting(
                    KEY + " = " + shown(url) + ": is no address of a PostgreSQL database",
                    "set SPRING_DATASOURCE_URL=jdbc:postgresql://<host>:5432/<database>");
        }
    }

    /**
     * @param url an address, or what somebody took for one
     * @return the same without what may hold a password: user info and parameters
     */
    static String shown(String url) {
        return url.replaceAll("\\?.*", "").replaceAll("^([a-z:]*//)?.*@", "$1");
    }
}
