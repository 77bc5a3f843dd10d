package mallstream.order.adapter.out.naverpay;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One call, once: no redirects, no retries, an answer of bounded size within bounded time, and nothing of it is logged. */
final class NaverHttp implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** Bytes of an answer; 300 details are a tenth of that. A longer one counts as none. */
    private static final int LONGEST_ANSWER = 20_000_000;

    /** The header that tells the time has whole seconds, and the answer travels. */
    private static final Duration NO_SKEW = Duration.ofSeconds(2);

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient jdk;
    private final RestClient client;
    private final String baseUrl;
    private final InstantSource clock;
    private final AtomicReference<Duration> skew = new AtomicReference<>(Duration.ZERO);

    NaverHttp(URI baseUrl, Clock clock) {
        this(baseUrl, clock, ANSWER);
    }

    /** @param longest that an answer may take, its body included */
    NaverHttp(URI baseUrl, Clock clock, Duration longest) {
        this.baseUrl = baseUrl.toString().replaceFirst("/+$", "");
        this.clock = clock;
        this.jdk = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .build();
        JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(jdk);
        factory.setReadTimeout(longest);
        this.client = RestClient.builder().requestFactory(factory).build();
    }

    /** The time at Naver, as far as its answers told. */
    Instant now() {
        return clock.instant().plus(skew.get());
    }

    Reply get(String pathAndQuery, String token) {
        return call(
                client.get().uri(URI.create(baseUrl + pathAndQuery)).headers(headers -> headers.setBearerAuth(token)));
    }

    Reply post(String path, String token, byte[] json) {
        return call(post(path, MediaType.APPLICATION_JSON, json).headers(headers -> headers.setBearerAuth(token)));
    }

    /** @param form encoded already */
    Reply form(String path, byte[] form) {
        return call(post(path, MediaType.APPLICATION_FORM_URLENCODED, form));
    }

    /** Bodies are bytes here, because of any other type the client writes the content to its log at DEBUG. */
    private RestClient.RequestBodySpec post(String path, MediaType type, byte[] body) {
        return client.method(HttpMethod.POST)
                .uri(URI.create(baseUrl + path))
                .contentType(type)
                .body(body);
    }

    private Reply call(RestClient.RequestHeadersSpec<?> request) {
        try {
            // Closing the response would read the rest of it, however long, so the body alone is closed.
            return request.accept(MediaType.APPLICATION_JSON).exchange((sent, answer) -> read(answer), false);
        } catch (ResourceAccessException failure) {
            return lost(
                    failure.getCause() instanceof HttpTimeoutException ? "does not answer in time" : "is not reached");
        }
    }

    private Reply read(ClientHttpResponse answer) throws IOException {
        notice(answer.getHeaders());
        try (InputStream body = answer.getBody()) {
            byte[] bytes = body.readNBytes(LONGEST_ANSWER + 1);
            if (bytes.length > LONGEST_ANSWER) {
                return lost("answers more than " + LONGEST_ANSWER + " bytes");
            }
            int status = answer.getStatusCode().value();
            JsonNode json = json(bytes);
            // A success that says nothing must not pass for one that says that there is nothing.
            return json == null && status == 200
                    ? lost("answers something else than JSON")
                    : new Reply(status, null, answer.getHeaders(), json == null ? JSON.createObjectNode() : json);
        }
    }

    private static @Nullable JsonNode json(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            return json.isObject() ? json : null;
        } catch (JacksonException none) {
            return null;
        }
    }

    private static Reply lost(String why) {
        return new Reply(0, why, HttpHeaders.EMPTY, JSON.createObjectNode());
    }

    private void notice(HttpHeaders headers) {
        Instant date = date(headers);
        if (date != null) {
            Duration off = Duration.between(clock.instant(), date);
            skew.set(off.abs().compareTo(NO_SKEW) <= 0 ? Duration.ZERO : off);
        }
    }

    private static @Nullable Instant date(HttpHeaders headers) {
        try {
            long date = headers.getDate();
            return date < 0 ? null : Instant.ofEpochMilli(date);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    @Override
    public void close() {
        jdk.shutdownNow();
    }
}
