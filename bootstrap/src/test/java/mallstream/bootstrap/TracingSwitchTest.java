package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.mock.env.MockEnvironment;

class TracingSwitchTest {
    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void nothing_of_it_is_there_until_it_is_asked_for() {
        assertThat(kept()).isEmpty();
        environment.setProperty("management.tracing.export.enabled", "false");
        assertThat(kept()).isEmpty();
    }

    @Test
    void it_is_there_when_it_is_asked_for_and_never_exports_logs() {
        environment.setProperty("management.tracing.export.enabled", "true");
        assertThat(kept())
                .contains(
                        "org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration",
                        "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure"
                                + ".OpenTelemetryTracingAutoConfiguration",
                        "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration")
                .noneMatch(name -> name.contains(".logging."));
    }

    @Test
    void everything_else_stays() {
        List<String> others = candidates().filter(name -> !isTracing(name)).toList();
        assertThat(others).hasSizeGreaterThan(50);
        assertThat(matching(others)).isEqualTo(others);
    }

    @Test
    void what_another_filter_left_out_stays_out() {
        assertThat(filter().keeps(null)).isFalse();
    }

    private List<String> kept() {
        return matching(candidates().filter(TracingSwitchTest::isTracing).toList());
    }

    private static boolean isTracing(String name) {
        return name.contains(".tracing.") || name.contains(".opentelemetry.");
    }

    private List<String> matching(List<String> names) {
        TracingSwitch filter = filter();
        return names.stream().filter(filter::keeps).toList();
    }

    private TracingSwitch filter() {
        TracingSwitch filter = new TracingSwitch();
        filter.setEnvironment(environment);
        return filter;
    }

    private static Stream<String> candidates() {
        return ImportCandidates.load(AutoConfiguration.class, TracingSwitchTest.class.getClassLoader())
                .getCandidates()
                .stream();
    }
}
