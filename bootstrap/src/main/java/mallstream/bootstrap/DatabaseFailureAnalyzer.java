package mallstream.bootstrap;

import java.net.UnknownHostException;
import java.util.Objects;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Says why the database cannot be used at the start: it is not there, it lets nobody in, or a migration failed. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseFailureAnalyzer implements FailureAnalyzer {
    private final Environment environment;

    DatabaseFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        FlywayException migration = null;
        Throwable last = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // Boot keeps the type to itself.
            if (cause.getClass().getSimpleName().equals("DataSourceBeanCreationException")) {
                return new FailureAnalysis(
                        "no database is configured",
                        "set SPRING_DATASOURCE_URL=jdbc:postgresql://<host>:5432/<database>,"
                                + " SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD",
                        cause);
            }
            if (migration == null && cause instanceof FlywayException found) {
                migration = found;
            }
            // Hikari's time-out hides the reason, which is the innermost exception that the driver named.
            if (isDrivers(cause)) {
                last = cause;
            }
        }
        if (migration == null) {
            return null;
        }
        String database = "the database at " + url();
        if (!isDrivers(last)) {
            return new FailureAnalysis(
                    database + " could not be migrated: " + firstSentence(migration),
                    "correct the schema or the migration; nothing was started",
                    migration);
        }
        boolean unreachable = migration.getClass().getSimpleName().contains("UnableToConnect");
        return unreachable
                ? new FailureAnalysis(
                        database + " cannot be reached: " + reason(last),
                        "start it, or set SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and"
                                + " SPRING_DATASOURCE_PASSWORD",
                        migration)
                : new FailureAnalysis(
                        database + " could not be migrated: " + reason(last),
                        "correct the schema or the rights of the user; nothing was started",
                        migration);
    }

    private String url() {
        return DatabaseAddress.shown(environment.getProperty(DatabaseAddress.KEY, "an unknown address"));
    }

    private static boolean isDrivers(Throwable failure) {
        return failure.getClass().getName().startsWith("org.postgresql.");
    }

    private static String reason(Throwable failure) {
        return failure.getCause() instanceof UnknownHostException unknown
                ? "unknown host " + unknown.getMessage()
                : firstSentence(failure);
    }

    private static String firstSentence(Throwable failure) {
        String message = Objects.requireNonNullElse(
                failure.getMessage(), failure.getClass().getSimpleName());
        return message.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(2)
                .reduce((a, b) -> a + " " + b)
                .orElse(message);
    }
}
