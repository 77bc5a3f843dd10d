package mallstream.notification;

import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** The HTTP client as both senders need it: it does what it is told, once, and nothing by itself. */
final class Http {
    private Http() {}

    /**
     * What came back.
     *
     * @param status the HTTP status
     * @param retryAfter the header as it came
     * @param body at most as many bytes as were asked for
     * @param whole whether that is all of it
     */
    record Answer(int status, @Nullable String retryAfter, byte[] body, boolean whole) {}

    /**
     * A client without redirects, retries, cookies, proxies, decompression and reuse of connections. A proxy would
     * resolve names itself; a reused connection may be dead, and whether a request on it was taken is then unknown. The
     * price is a TLS handshake per call.
     *
     * @param most connections at a time
     * @param timeout for connecting and for each read; the deadline in all is the caller's
     */
    static CloseableHttpClient client(DnsResolver names, SSLContext tls, int most, Duration timeout) {
        Timeout bound = Timeout.of(timeout);
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(names)
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(bound)
                                .setSocketTimeout(bound)
                                .build())
                        .setMaxConnTotal(most)
                        .setMaxConnPerRoute(most)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(bound)
                        .setResponseTimeout(bound)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setRoutePlanner(new DefaultRoutePlanner(null))
                .setDefaultHeaders(List.of(new BasicHeader("Connection", "close")))
                .setConnectionReuseStrategy((request, response, context) -> false)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("Mallstream")
                .build();
    }

    /** Makes the call and reads at most {@code most} bytes of the answer. */
    static Answer call(CloseableHttpClient client, HttpUriRequestBase request, int most) throws IOException {
        ClassicHttpResponse response = client.executeOpen(null, request, null);
        try {
            byte[] body = new byte[0];
            boolean whole = true;
            if (response.getEntity() != null) {
                InputStream content = response.getEntity().getContent();
                body = content.readNBytes(most);
                whole = body.length < most || content.read() == -1;
                if (!whole) {
                    // Closing alone would read the rest, however long it is.
                    request.cancel();
                }
            }
            Header retryAfter = response.getFirstHeader("Retry-After");
            return new Answer(response.getCode(), retryAfter == null ? null : retryAfter.getValue(), body, whole);
        } finally {
            // The answer is there; how the connection ends changes nothing.
            Closer.closeQuietly(response);
        }
    }

    /**
     * Reads Retry-After, seconds or a date; what is neither was not asked.
     *
     * @param longest what a longer one is cut to
     */
    static @Nullable Duration pause(@Nullable String retryAfter, Instant now, Duration longest) {
        if (retryAfter == null) {
            return null;
        }
        String text = retryAfter.strip();
        Duration pause;
        if (text.matches("[0-9]+")) {
            pause = text.length() > 9 ? longest : Duration.ofSeconds(Long.parseLong(text));
        } else {
            try {
                pause = Duration.between(
                        now,
                        ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant());
            } catch (DateTimeException e) {
                return null;
            }
        }
        if (pause.isNegative()) {
            return Duration.ZERO;
        }
        return pause.compareTo(longest) > 0 ? longest : pause;
    }
}
