package mallstream.bootstrap;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.env.Environment;

/** The database's address, {@code spring.datasource.url}. */
final class DatabaseAddress {
    static final String KEY = "spring.datasource.url";
    private static final Pattern FORM =
            Pattern.compile("jdbc:postgresql:(?:(?!/)[^?]*|//(?<servers>[^/?]*)/[^?]*)(?:\\?.*)?");
    /** A name or an address, and a port if it is another one than usual. */
    private static final Pattern SERVER = Pattern.compile("(?:\\[[^\\[\\]]*]|[^:\\[\\]]*)(?::(\\d{1,5}))?");

    private static final int LAST_PORT = 65_535;

    private DatabaseAddress() {}

    /**
     * What is no address at all fails deep inside the pool, in words of its own and with a stack trace, so it is looked at
     * before anything is made. By its form: the driver's own look tells parts of it, a password among them, in the log.
     *
     * @throws InvalidSetting if an address is set that the driver would not take, or that holds user info
     */
    static void refuseWhatIsNone(Environment environment) {
        String url = environment.getProperty(KEY, "");
        if (url.isBlank()) {
            return;
        }
        Matcher form = FORM.matcher(url);
        if (!form.matches()) {
            throw invalid(url, "is no address of a PostgreSQL database");
        }
        // There is none in the short form, jdbc:postgresql:<database>.
        String servers = Objects.requireNonNullElse(form.group("servers"), "");
        // The driver would take user info for a part of the host's name, and tell it where that is not found.
        if (servers.contains("@")) {
            throw invalid(url, "must not hold a user");
        }
        if (!areServers(servers)) {
            throw invalid(url, "is no address of a PostgreSQL database");
        }
    }

    private static boolean areServers(String servers) {
        for (String server : servers.split(",", -1)) {
            Matcher matcher = SERVER.matcher(server);
            if (!matcher.matches()) {
                return false;
            }
            String port = matcher.group(1);
            if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > LAST_PORT)) {
                return false;
            }
        }
        return true;
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
