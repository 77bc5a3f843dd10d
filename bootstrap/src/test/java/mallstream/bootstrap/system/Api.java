package mallstream.bootstrap.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform's HTTP interface as a caller uses it. */
final class Api {
    static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private final String key;
    private final Duration patience;

    /**
     * @param port on this machine
     * @param key sent with every call
     */
    Api(int port, String key) {
        this(port, key, Duration.ofSeconds(20));
    }

    /**
     * @param port on this machine
     * @param key sent with every call
     * @param patience how long an answer may take
     */
    Api(int port, String key, Duration patience) {
        this.base = "http://localhost:" + port;
        this.key = key;
        this.patience = patience;
    }

    record Answer(int status, String body) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        String text(String field) {
            return json().path(field).asString();
        }
    }

    Answer get(String path) {
        return call(request(path).GET());
    }

    Answer delete(String path) {
        return call(request(path).DELETE());
    }

    Answer put(String path, String body) {
        return call(request(path).PUT(BodyPublishers.ofString(body)));
    }

    Answer post(String path, String body) {
        return call(request(path).POST(BodyPublishers.ofString(body)));
    }

    Answer post(String path, String body, String idempotencyKey) {
        return call(request(path).POST(BodyPublishers.ofString(body)).header("Idempotency-Key", idempotencyKey));
    }

    /** Signs somebody up and gives the answer; every call is another person. */
    Answer signUp(String mall) {
        return signUp(mall, UUID.randomUUID().toString());
    }

    Answer signUp(String mall, String loginId) {
        return post("/api/malls/" + mall + "/members", person(loginId));
    }

    static String person(String loginId) {
        return """
                {"loginId":"%s","name":"Hong Gildong","email":"hong@example.com","phone":"010-1234-5678"}""".formatted(loginId);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(patience)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key);
    }

    private Answer call(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
