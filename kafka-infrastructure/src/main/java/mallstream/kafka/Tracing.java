package mallstream.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Carries a trace over Kafka in the header {@code traceparent} of W3C Trace Context: what is sent takes it along, what is
 * handled joins it. While tracing is off nothing is made, looked at or sent.
 *
 * <p>Micrometer's tracer is used and not its observations: those are there for metrics also while tracing is off, so each
 * call would pay for them. Spring Kafka's own observations belong to its listener container, which nobody uses here.
 *
 * <p>The other fields of the standards, {@code tracestate} and {@code baggage}, are left out: callers fill them with
 * anything, and no header holds personal data.
 */
public final class Tracing {
    private static final String HEADER = "traceparent";
    private static final Tracing OFF = new Tracing(null);

    private final @Nullable Parts on;

    private record Parts(Tracer tracer, Propagator propagator) {}

    /**
     * @param tracer makes spans
     * @param propagator writes and reads the header
     */
    public Tracing(Tracer tracer, Propagator propagator) {
        this(new Parts(tracer, propagator));
    }

    private Tracing(@Nullable Parts on) {
        this.on = on;
    }

    /** Traces nothing. */
    public static Tracing off() {
        return OFF;
    }

    /**
     * Lets a record take the trace of this thread along, if there is one. A record that carries one already, because it
     * is sent again, gets this one.
     *
     * @param message a record that was not sent yet
     */
    public void inject(ProducerRecord<?, ?> message) {
        if (on == null) {
            return;
        }
        Span current = on.tracer.currentSpan();
        if (current != null) {
            on.propagator.inject(current.context(), message.headers(), Tracing::write);
        }
    }

    /**
     * Runs a call of a handler in a span, {@code <subscription> process}. Its parent is the span that the first record
     * with a trace came from: of a batch the other traces end with their records, because a span has one parent. The
     * size of the batch tells of them.
     *
     * @param subscription its name
     * @param batch what the call is for, one or more
     * @param source the record of one of them, so that no list of records is made where nothing is traced
     * @param call calls the handler, in this thread
     * @return what the call gives; what it throws is thrown on
     */
    public <R, T> T around(
            String subscription, List<R> batch, Function<? super R, ConsumerRecord<?, ?>> source, Supplier<T> call) {
        if (on == null) {
            return call.get();
        }
        ConsumerRecord<?, ?> first = firstTraced(batch, source);
        Span span = on.propagator
                .extract(first.headers(), Tracing::read)
                .name(subscription + " process")
                .kind(Span.Kind.CONSUMER)
                .tag("messaging.system", "kafka")
                .tag("messaging.operation.type", "process")
                .tag("messaging.destination.name", first.topic())
                .tag("messaging.batch.message_count", batch.size())
                .start();
        Tracer.SpanInScope scope = on.tracer.withSpan(span);
        try {
            return call.get();
        } catch (RuntimeException | Error e) {
            span.error(new Failure(e));
            throw e;
        } finally {
            scope.close();
            span.end();
        }
    }

    /** The first record that has a trace, else the first. */
    private static <R> ConsumerRecord<?, ?> firstTraced(
            List<R> batch, Function<? super R, ConsumerRecord<?, ?>> source) {
        for (R each : batch) {
            ConsumerRecord<?, ?> record = source.apply(each);
            if (record.headers().lastHeader(HEADER) != null) {
                return record;
            }
        }
        return source.apply(batch.getFirst());
    }

    private static void write(@Nullable Headers headers, String field, String value) {
        if (headers != null && field.equals(HEADER)) {
            headers.remove(HEADER).add(HEADER, value.getBytes(UTF_8));
        }
    }

    private static @Nullable String read(Headers headers, String field) {
        Header header = field.equals(HEADER) ? headers.lastHeader(HEADER) : null;
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    /** What was thrown and where, without its message, which may repeat what the records hold. */
    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        Failure(Throwable thrown) {
            super(thrown.getClass().getName(), null, false, true);
            setStackTrace(thrown.getStackTrace());
        }
    }
}
