package mallstream.notification;

import java.time.Duration;
import java.util.List;

/**
 * How strangers' addresses are called; the keys are {@code mallstream.webhook.*}.
 *
 * @param allow ranges such as {@code 127.0.0.0/8} that may be called although they are not public, on any port; for
 *     local use, empty otherwise
 * @param allowHttp whether addresses within {@code allow} may be called without TLS
 * @param timeout for one attempt in all, from the name to the last byte, 100 ms to 40 s; at the bound the attempt has
 *     failed
 * @param maxCalls attempts at the same time in this instance, 1 to 1000; at the bound the others wait
 * @param maxCallsPerEndpoint attempts at the same time at one endpoint, 1 to 5; at the bound the others
 *     wait, and those of other endpoints pass them
 */
public record WebhookSettings(
        List<String> allow, boolean allowHttp, Duration timeout, int maxCalls, int maxCallsPerEndpoint) {
    private static final String PREFIX = "mallstream.webhook.";

    /** @throws IllegalArgumentException if a value is out of range; the message names key, value and range */
    public WebhookSettings {
        allow = List.copyOf(allow);
        allow.forEach(range -> Cidr.parse(PREFIX + "allow", range));
        Ranges.check(PREFIX + "timeout", timeout, Duration.ofMillis(100), Duration.ofSeconds(40));
        Ranges.check(PREFIX + "max-calls", maxCalls, 1, 1000);
        Ranges.check(PREFIX + "max-calls-per-endpoint", maxCallsPerEndpoint, 1, Math.min(5, maxCalls));
    }

    List<Cidr> allowed() {
        return allow.stream().map(range -> Cidr.parse(PREFIX + "allow", range)).toList();
    }
}
