package mallstream.member.adapter.out.persistence;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.Executors;
import mallstream.member.model.Unavailable;
import mallstream.member.ports.Database;
import mallstream.member.ports.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class UnavailableIT {
    private final Database database = Database.emptied();

    private void raise(String state) {
        database.run(() -> database.jdbc()
                .sql("do $$ begin raise exception 'x' using errcode = '" + state + "'; end $$")
                .update());
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "53300", "57P01", "57014", "40001", "40P01"})
    void states_of_a_failing_database_are_not_the_events_fault(String state) {
        assertThatThrownBy(() -> raise(state)).isInstanceOf(Unavailable.class).hasMessage("database is unavailable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"22001", "23505", "42P01", "54000", "55P03", "P0001"})
    void every_other_state_is(String state) {
        assertThat(catchThrowable(() -> raise(state))).isNotNull().isNotInstanceOf(Unavailable.class);
    }

    @Test
    void a_bug_in_the_work_stays_what_it_is() {
        assertThatThrownBy(() -> database.run(() -> {
                    throw new IllegalStateException("a bug");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a bug");
    }

    @Test
    void a_connection_that_is_killed_in_the_middle_of_a_statement_is_unavailable() {
        assertThatThrownBy(() -> database.run(() -> database.jdbc()
                        .sql("select pg_terminate_backend(pg_backend_pid())")
                        .query(Boolean.class)
                        .single()))
                .isInstanceOf(Unavailable.class);
        database.run(() -> database.members().find(key(MALL)));
    }

    @Test
    void a_connection_that_is_killed_between_two_statements_is_unavailable_in_jdbc_and_jpa() {
        assertThatThrownBy(() -> database.run(() -> {
                    killThis();
                    database.members().find(key(MALL));
                }))
                .isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> database.run(() -> {
                    killThis();
                    database.coupons().of(key(MALL));
                }))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void a_connection_that_is_killed_before_the_commit_is_unavailable() {
        assertThatThrownBy(() -> database.run(() -> {
                    database.members().add(member(MALL));
                    killThis();
                }))
                .isInstanceOf(Unavailable.class);
        assertThat(database.count("member")).isZero();
    }

    private void killThis() {
        int pid = database.jdbc()
                .sql("select pg_backend_pid()")
                .query(Integer.class)
                .single();
        try (var threads = Executors.newSingleThreadExecutor()) {
            threads.submit(() -> JdbcClient.create(database.dataSource())
                            .sql("select pg_terminate_backend(?, 5000)")
                            .param(pid)
                            .query(Boolean.class)
                            .single())
                    .get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_server_that_is_gone_is_unavailable_in_jdbc_and_jpa() {
        try (Database other = Database.started()) {
            other.run(() -> other.members().find(key(MALL)));
            other.stopServer();

            assertUnavailable(other, () -> other.members().find(key(MALL)));
            assertUnavailable(other, () -> other.coupons().of(key(MALL)));
        }
    }

    private static void assertUnavailable(Ports ports, Runnable work) {
        assertThatThrownBy(() -> ports.run(work)).isInstanceOf(Unavailable.class);
    }
}
