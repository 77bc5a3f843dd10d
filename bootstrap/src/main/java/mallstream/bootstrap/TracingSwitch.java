package mallstream.bootstrap;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves all of Spring Boot's tracing out unless {@code management.tracing.export.enabled} is true. Boot's own switches
 * only keep spans from being exported: a tracer would still make one for each HTTP call and each run of a timer, and two
 * threads would wait for what to export.
 *
 * <p>Its export of logs is left out always: what is logged is read from the standard output.
 */
class TracingSwitch implements AutoConfigurationImportFilter, EnvironmentAware {
    private static final String TRACING = "org.springframework.boot.micrometer.tracing.";
    private static final String OPEN_TELEMETRY = "org.springframework.boot.opentelemetry.";
    private static final String LOGS = OPEN_TELEMETRY + "autoconfigure.logging.";

    private boolean on;

    @Override
    public void setEnvironment(Environment environment) {
        on = environment.getProperty("management.tracing.export.enabled", Boolean.class, false);
    }

    @Override
    public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
        boolean[] kept = new boolean[classes.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = keeps(classes[i]);
        }
        return kept;
    }

    /** A name is {@code null} where another filter has left it out already. */
    boolean keeps(@Nullable String name) {
        if (name == null || name.startsWith(LOGS)) {
            return false;
        }
        return on || !(name.startsWith(TRACING) || name.startsWith(OPEN_TELEMETRY));
    }
}
