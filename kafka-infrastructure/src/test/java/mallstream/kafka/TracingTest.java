package mallstream.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build();
    private final io.opentelemetry.api.trace.Tracer sdk = provider.get("test");
    private final Tracer tracer = new OtelTracer(sdk, new OtelCurrentTraceContext(), event -> {});
    private final Tracing tracing = new Tracing(
            tracer, new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), sdk));

    @Test
    void while_tracing_is_off_nothing_is_sent_along_and_the_call_is_just_made() {
        ProducerRecord<byte[], byte[]> message = message();
        within(tracer.nextSpan().start(), () -> {
            Tracing.off().inject(message);
            assertThat(Tracing.off().around("coupon", List.of(record(PARENT)), each -> each, () -> "done"))
                    .isEqualTo("done");
        });
        assertThat(message.headers()).isEmpty();
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void a_record_takes_the_trace_of_its_thread_along_once() {
        ProducerRecord<byte[], byte[]> message = message();
        message.headers().add("traceparent", PARENT.getBytes(UTF_8));
        Span span = tracer.nextSpan().start();
        within(span, () -> tracing.inject(message));

        assertThat(message.headers()).hasSize(1);
        assertThat(text(message.headers()))
                .startsWith(
                        "00-" + span.context().traceId() + "-" + span.context().spanId() + "-");
    }

    @Test
    void without_a_trace_a_record_stays_as_it_is() {
        ProducerRecord<byte[], byte[]> message = message();
        tracing.inject(message);
        assertThat(message.headers()).isEmpty();
    }

    @Test
    void what_callers_put_beside_a_trace_is_not_taken_along() {
        ConsumerRecord<byte[], byte[]> record = record(PARENT);
        record.headers().add("tracestate", "vendor=hong".getBytes(UTF_8));
        ProducerRecord<byte[], byte[]> message = message();
        around("coupon", List.of(record), () -> {
            tracing.inject(message);
            return "done";
        });
        assertThat(message.headers()).extracting(Header::key).containsExactly("traceparent");
    }

    @Test
    void a_call_joins_the_trace_of_its_record() {
        String seen = around(
                "coupon", List.of(record(PARENT)), () -> current().context().traceId());

        assertThat(seen).isEqualTo(TRACE);
        assertThat(tracer.currentSpan()).isNull();
        SpanData span = only();
        assertThat(span.getName()).isEqualTo("coupon process");
        assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(SPAN);
        assertThat(span.getAttributes().get(AttributeKey.stringKey("messaging.destination.name")))
                .isEqualTo("member.signed-up");
        assertThat(span.getAttributes().get(AttributeKey.longKey("messaging.batch.message_count")))
                .isEqualTo(1);
    }

    @Test
    void a_batch_joins_the_first_trace_that_is_there_and_tells_its_size() {
        String other = PARENT.replace('1', '2');
        assertThat(around("coupon", List.of(record(null), record(PARENT), record(other)), () -> "done"))
                .isEqualTo("done");

        assertThat(only().getTraceId()).isEqualTo(TRACE);
        assertThat(only().getAttributes().get(AttributeKey.longKey("messaging.batch.message_count")))
                .isEqualTo(3);
    }

    @Test
    void records_without_a_trace_or_with_nonsense_begin_one() {
        around("coupon", List.of(record(null)), () -> "done");
        around("coupon", List.of(record("hong")), () -> "done");
        ConsumerRecord<byte[], byte[]> empty = record(null);
        empty.headers().add("traceparent", null);
        around("coupon", List.of(empty), () -> "done");

        assertThat(exporter.getFinishedSpanItems())
                .hasSize(3)
                .allSatisfy(span ->
                        assertThat(span.getParentSpanContext().isValid()).isFalse())
                .extracting(SpanData::getTraceId)
                .doesNotHaveDuplicates();
    }

    @Test
    void a_failure_is_thrown_on_and_its_message_is_not_told() {
        IllegalStateException thrown = new IllegalStateException("hong@example.com");
        assertThatThrownBy(() -> around("coupon", List.of(record(PARENT)), () -> {
                    throw thrown;
                }))
                .isSameAs(thrown);

        SpanData span = only();
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getStatus().getDescription()).isEqualTo("java.lang.IllegalStateException");
        assertThat(span.getEvents().toString()).contains("TracingTest").doesNotContain("hong");
        assertThat(tracer.currentSpan()).isNull();
    }

    private <T> T around(String subscription, List<ConsumerRecord<byte[], byte[]>> batch, Supplier<T> call) {
        return tracing.around(subscription, batch, each -> each, call);
    }

    private void within(Span span, Runnable run) {
        Tracer.SpanInScope scope = tracer.withSpan(span);
        try {
            run.run();
        } finally {
            scope.close();
        }
    }

    private Span current() {
        Span current = tracer.currentSpan();
        if (current == null) {
            throw new IllegalStateException("no span");
        }
        return current;
    }

    private SpanData only() {
        assertThat(exporter.getFinishedSpanItems()).hasSize(1);
        return exporter.getFinishedSpanItems().getFirst();
    }

    private static ProducerRecord<byte[], byte[]> message() {
        return new ProducerRecord<>("member.signed-up", new byte[0], new byte[0]);
    }

    private static ConsumerRecord<byte[], byte[]> record(@Nullable String parent) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("member.signed-up", 0, 7, new byte[0], new byte[0]);
        if (parent != null) {
            record.headers().add("traceparent", parent.getBytes(UTF_8));
        }
        return record;
    }

    private static String text(Headers headers) {
        return new String(headers.lastHeader("traceparent").value(), UTF_8);
    }
}
