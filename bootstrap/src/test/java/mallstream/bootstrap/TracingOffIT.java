package mallstream.bootstrap;

import static mallstream.bootstrap.infrastructure.PlatformTest.API_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.OpenTelemetry;
import java.io.FileNotFoundException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

/** The platform as it is where nobody asked for traces. */
@EdgeTest
class TracingOffIT {
    @Autowired
    @SuppressWarnings("NullAway.Init")
    private ApplicationContext platform;

    @LocalServerPort
    private int port;

    @Test
    void there_is_no_tracer_and_no_thread_for_traces_metrics_or_logs() {
        assertThat(platform.getBeanNamesForType(Tracer.class)).isEmpty();
        assertThat(platform.getBeanNamesForType(OpenTelemetry.class)).isEmpty();
        // Those of a platform that was closed a moment ago may still be ending.
        await("no thread")
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.contains("BatchSpanProcessor")
                                || name.contains("BatchLogRecordProcessor")
                                || name.contains("otlp")));
    }

    @Test
    void a_record_goes_out_without_a_header_even_if_the_caller_sends_a_trace() throws FileNotFoundException {
        String mall = "mall-" + UUID.randomUUID().toString().substring(0, 8);
        assertThat(ChannelOrders.handIn(port, API_KEY, mall, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
                .isEqualTo(202);
        assertThat(ChannelOrders.headers(mall)).isEmpty();
    }
}
