package mallstream.bootstrap;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Brings each domain's schema up to date at the start, with a history of its own, so that the domains release their
 * migrations independently. A schema that does not exist is made. A history that is ahead of this jar is accepted: after
 * a newer jar came up, the previous one may still run and restart.
 */
@Configuration(proxyBeanMethods = false)
class Migrations {
    /** Folder below {@code db/migration} to schema; {@code order} is a reserved word of SQL. */
    private static final Map<String, String> SCHEMAS = Map.of("member", "member", "order", "orders");

    @Bean
    FlywayMigrationStrategy perDomain() {
        return shared -> SCHEMAS.forEach((folder, schema) -> Flyway.configure()
                .configuration(shared.getConfiguration())
                .locations("classpath:db/migration/" + folder)
                .schemas(schema)
                .defaultSchema(schema)
                .load()
                .migrate());
    }
}
