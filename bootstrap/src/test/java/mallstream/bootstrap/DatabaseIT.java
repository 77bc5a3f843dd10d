package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The database as the platform sets it up at its start. */
@EdgeTest
class DatabaseIT {
    private static final String AHEAD = "insert into member.flyway_schema_history"
            + " (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)"
            + " values (999, '999', 'of a newer jar', 'SQL', 'V999__of_a_newer_jar.sql', 1, 'test', 1, true)";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private DataSource database;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Flyway flyway;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private FlywayMigrationStrategy migrations;

    @Test
    void each_domain_has_a_schema_with_a_history_of_its_own() {
        assertThat(JdbcClient.create(database)
                        .sql("select table_schema from information_schema.tables"
                                + " where table_name = 'flyway_schema_history' order by 1")
                        .query(String.class)
                        .list())
                .containsExactly("member", "orders");
    }

    @Test
    void the_previous_jar_starts_again_after_a_newer_one_migrated() {
        JdbcClient jdbc = JdbcClient.create(database);
        jdbc.sql(AHEAD).update();
        try {
            assertThatCode(() -> migrations.migrate(flyway)).doesNotThrowAnyException();
        } finally {
            jdbc.sql("delete from member.flyway_schema_history where version = '999'")
                    .update();
        }
    }

    @Test
    void no_message_of_the_database_quotes_a_row() {
        JdbcClient jdbc = JdbcClient.create(database);
        jdbc.sql("create table quoted (mail text primary key)").update();
        try {
            jdbc.sql("insert into quoted values ('hong@example.com')").update();
            assertThatThrownBy(() -> jdbc.sql("insert into quoted values ('hong@example.com')")
                            .update())
                    .rootCause()
                    .hasMessageContaining("quoted_pkey")
                    .hasMessageNotContaining("hong@example.com");
        } finally {
            jdbc.sql("drop table quoted").update();
        }
    }
}
