package mallstream.notification;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The message gateway; the keys are {@code mallstream.notice.gateway.*}.
 *
 * @param baseUrl http or https, without user info, query and fragment; absent where no gateway is used, and then every
 *     call says so
 * @param appKey names our application in the gateway's paths; letters, digits, {@code -} and {@code _}
 * @param secretKey proves that we are that application; printable ASCII
 * @param senderKey the sender profile; letters, digits, {@code -} and {@code _}
 * @param requestsPerSecond calls that this instance begins, 1 to 1000; at the bound a call waits for at most
 *     {@code timeout}
 * @param timeout for one call in all, 100 ms to 60 s
 */
public record GatewaySettings(
        @Nullable URI baseUrl,
        String appKey,
        String secretKey,
        String senderKey,
        int requestsPerSecond,
        Duration timeout) {
    private static final String PREFIX = "mallstream.notice.gateway.";
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final Pattern SECRET = Pattern.compile("[!-~]{1,200}");

    /**
     * @throws IllegalArgumentException if a value is out of range; the message names key and range, and the value unless
     *     it is a secret
     */
    public GatewaySettings {
        Ranges.check(PREFIX + "requests-per-second", requestsPerSecond, 1, 1000);
        Ranges.check(PREFIX + "timeout", timeout, Duration.ofMillis(100), Duration.ofSeconds(60));
        if (baseUrl != null) {
            boolean http =
                    "http".equalsIgnoreCase(baseUrl.getScheme()) || "https".equalsIgnoreCase(baseUrl.getScheme());
            // Once a password stands in the address, the message must not show the address.
            if (String.valueOf(baseUrl.getRawAuthority()).contains("@")) {
                throw new IllegalArgumentException(PREFIX + "base-url must carry no user info");
            }
            if (!http
                    || baseUrl.getHost() == null
                    || baseUrl.getRawQuery() != null
                    || baseUrl.getRawFragment() != null) {
                throw new IllegalArgumentException(PREFIX + "base-url is '" + baseUrl
                        + "', must be http(s)://host[:port][/path] without query and fragment");
            }
            refuseGaps(appKey, secretKey, senderKey);
            secret("app-key", appKey, KEY);
            secret("secret-key", secretKey, SECRET);
            secret("sender-key", senderKey, KEY);
        }
    }

    /** All that is missing at once: where the address alone is set, each of the three would cost a start. */
    private static void refuseGaps(String appKey, String secretKey, String senderKey) {
        List<String> missing = new ArrayList<>();
        if (appKey.isEmpty()) {
            missing.add(PREFIX + "app-key");
        }
        if (secretKey.isEmpty()) {
            missing.add(PREFIX + "secret-key");
        }
        if (senderKey.isEmpty()) {
            missing.add(PREFIX + "sender-key");
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join(", ", missing) + " must be set where " + PREFIX + "base-url is");
        }
    }

    private static void secret(String key, String value, Pattern form) {
        if (!form.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    PREFIX + key + " (not shown, " + value.length() + " characters) must match " + form);
        }
    }

    @Override
    public String toString() {
        return "GatewaySettings[baseUrl=%s, appKey=***, secretKey=***, senderKey=***, requestsPerSecond=%d, timeout=%s]"
                .formatted(baseUrl, requestsPerSecond, timeout);
    }
}
