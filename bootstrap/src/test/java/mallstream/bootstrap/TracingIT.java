package mallstream.bootstrap;

import static mallstream.bootstrap.infrastructure.PlatformTest.API_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import mallstream.bootstrap.infrastructure.PlatformTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The platform with tracing switched on by Spring Boot's own settings. */
@PlatformTest
@Import(TracingIT.Exporter.class)
@TestPropertySource(
        properties = {
            "management.tracing.export.enabled=true",
            "management.opentelemetry.tracing.export.schedule-delay=100ms",
            // What takes the order; the other platforms of this JVM, which are not traced, pause while this one runs.
            "mallstream.consume.only=shopby",
        })
@DirtiesContext
class TracingIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";

    private static final List<String> COLLECTED = new CopyOnWriteArrayList<>();
    private static @Nullable HttpServer collector;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private InMemorySpanExporter exporter;

    @LocalServerPort
    private int port;

    /** It has no annotation that a scan looks for. */
    static class Exporter {
        @Bean
        InMemorySpanExporter exporter() {
            return InMemorySpanExporter.create();
        }
    }

    @DynamicPropertySource
    static void collector(DynamicPropertyRegistry settings) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            COLLECTED.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        collector = server;
        settings.add(
                "management.opentelemetry.tracing.export.otlp.endpoint",
                () -> "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces");
    }

    @AfterAll
    static void close() {
        if (collector != null) {
            collector.stop(0);
        }
    }

    @Test
    void a_callers_trace_goes_over_the_http_request_and_the_topic_to_the_handler() throws FileNotFoundException {
        String mall = "mall-" + UUID.randomUUID().toString().substring(0, 8);

        assertThat(ChannelOrders.handIn(port, API_KEY, mall, "00-" + TRACE + "-" + CALLER + "-01"))
                .isEqualTo(202);

        Map<String, String> headers = ChannelOrders.headers(mall);
        assertThat(headers).containsOnlyKeys("traceparent");
        String[] parts = String.valueOf(headers.get("traceparent")).split("-", -1);
        assertThat(parts[1]).isEqualTo(TRACE);
        List<SpanData> spans = await("spans are exported")
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> exporter.getFinishedSpanItems().stream()
                                .filter(span -> span.getTraceId().equals(TRACE))
                                .toList(),
                        found -> found.stream()
                                .map(SpanData::getKind)
                                .toList()
                                .containsAll(List.of(SpanKind.SERVER, SpanKind.CONSUMER)));
        assertThat(spans)
                .filteredOn(span -> span.getKind() == SpanKind.SERVER)
                .first()
                .satisfies(span -> {
                    assertThat(span.getName()).isEqualTo("http post /api/channels/{channel}/malls/{mallId}/orders");
                    assertThat(span.getParentSpanId()).isEqualTo(CALLER);
                });
        assertThat(spans).extracting(SpanData::getSpanId).contains(parts[2]);
        assertThat(spans)
                .filteredOn(span -> span.getKind() == SpanKind.CONSUMER)
                .isNotEmpty()
                .allSatisfy(span -> {
                    assertThat(span.getName()).isEqualTo("shopby process");
                    assertThat(span.getParentSpanId()).isEqualTo(parts[2]);
                });
        assertThat(spans.toString()).doesNotContain(API_KEY);
        await("a collector hears of it")
                .atMost(Duration.ofSeconds(30))
                .until(() -> COLLECTED.stream().anyMatch(each -> each.contains("http post /api/channels/")));
    }
}
