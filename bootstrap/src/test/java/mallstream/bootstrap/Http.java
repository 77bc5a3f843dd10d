package mallstream.bootstrap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Calls one port of the platform. */
final class Http {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final int port;

    Http(int port) {
        this.port = port;
    }

    HttpResponse<String> call(String method, String path, @Nullable String key, @Nullable String json) {
        return send(
                method,
                path,
                json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json),
                Stream.concat(
                        key == null ? Stream.of() : Stream.of("Authorization", "Bearer " + key),
                        json == null ? Stream.of() : Stream.of("Content-Type", "application/json")));
    }

    HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body, Stream<String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body);
        String[] pairs = headers.toArray(String[]::new);
        if (pairs.length > 0) {
            request.headers(Arrays.copyOf(pairs, pairs.length));
        }
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
