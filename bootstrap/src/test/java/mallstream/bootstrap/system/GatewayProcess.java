package mallstream.bootstrap.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import standin.gateway.GatewayProgram;
import standin.gateway.GatewayStub;
import tools.jackson.databind.JsonNode;

/** The stand-in of the message gateway as a process of its own, which outlives whatever is killed. */
final class GatewayProcess implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final URI url;

    /**
     * Starts it and waits until it is up.
     *
     * @param settings as {@link GatewayProgram} takes them, {@code <name>=<value>}
     */
    GatewayProcess(String... settings) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                GatewayProgram.class.getName()));
        for (String each : settings) {
            command.add("--" + each);
        }
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        try {
            process = builder.start();
            String said = process.inputReader(UTF_8).readLine();
            if (said == null) {
                throw new IllegalStateException("the gateway ended before it was up");
            }
            url = URI.create(said.substring(said.indexOf("http")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return url.toString();
    }

    /** What was sent to people, and its counts. */
    JsonNode figures() {
        return call(HttpRequest.newBuilder(url.resolve("/control")).GET());
    }

    /** Tells it to behave so from now on, and gives the figures. */
    JsonNode set(String name, String value) {
        return call(HttpRequest.newBuilder(url.resolve("/control?" + name + "=" + value))
                .POST(BodyPublishers.noBody()));
    }

    /** Sends a message past the platform. */
    void send(String row, String phone) {
        call(HttpRequest.newBuilder(url.resolve("/alimtalk/v2.3/appkeys/" + GatewayStub.APP_KEY + "/messages"))
                .header("X-Secret-Key", GatewayStub.SECRET_KEY)
                .POST(BodyPublishers.ofString("""
                        {"senderKey":"%s","templateCode":"PRIVACY","senderGroupingKey":"by-hand",
                         "recipientList":[{"recipientNo":"%s","recipientGroupingKey":"%s"}]}""".formatted(GatewayStub.SENDER_KEY, phone, row))));
    }

    private JsonNode call(HttpRequest.Builder request) {
        try {
            var answer = client.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("the gateway answered " + answer.statusCode());
            }
            return Api.JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
