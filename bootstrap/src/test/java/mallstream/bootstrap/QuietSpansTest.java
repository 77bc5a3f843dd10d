package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuietSpansTest {
    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final io.opentelemetry.api.trace.Tracer sdk = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()
            .get("test");
    private final Tracer tracer = new OtelTracer(sdk, new OtelCurrentTraceContext(), event -> {});
    private final Propagator propagator =
            new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), sdk);
    private final QuietSpans spans = new QuietSpans();

    @Test
    void a_failure_is_told_by_its_class_and_place_and_never_by_its_message() {
        tells(spans.spans(tracer), new Observation.Context());
        tells(spans.sentSpans(tracer, propagator), new SenderContext<>((carrier, key, value) -> {}, Kind.CLIENT));
        // A call from outside comes with a carrier.
        ReceiverContext<String> received = new ReceiverContext<>((carrier, key) -> null, Kind.SERVER);
        received.setCarrier("");
        tells(spans.receivedSpans(tracer, propagator), received);
    }

    private void tells(ObservationHandler<?> handler, Observation.Context context) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(handler);
        exporter.reset();
        Observation observation =
                Observation.createNotStarted("probe", () -> context, registry).start();
        observation.error(new IllegalStateException("hong@example.com", new IllegalStateException("010-1234-5678")));
        observation.stop();

        List<SpanData> finished = exporter.getFinishedSpanItems();
        assertThat(finished).hasSize(1);
        SpanData span = finished.getFirst();
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getStatus().getDescription()).isEqualTo("java.lang.IllegalStateException");
        assertThat(span.getEvents().toString())
                .contains("QuietSpansTest")
                .doesNotContain("hong")
                .doesNotContain("010-1234");
    }
}
