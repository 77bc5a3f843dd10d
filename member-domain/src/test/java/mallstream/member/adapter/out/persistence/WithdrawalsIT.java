package mallstream.member.adapter.out.persistence;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.key;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import mallstream.member.model.Member;
import mallstream.member.ports.Database;
import org.junit.jupiter.api.Test;

class WithdrawalsIT {
    private final Database database = Database.emptied();

    /** A plan is kept for as long as nobody analyzes the table, however much it grows. */
    @Test
    void a_plan_that_was_made_for_an_empty_table_looks_members_up_by_their_key() {
        List<Member.Key> keys = Stream.generate(() -> key(MALL)).limit(100).toList();

        long scans = database.transactions().inOne(() -> {
            database.jdbc()
                    .sql("set local plan_cache_mode = force_generic_plan")
                    .update();
            long before = scans();
            Withdrawals.hold(database.jdbc(), keys);
            return scans() - before;
        });

        assertThat(scans).isZero();
    }

    /** Of this connection, not yet told to the others; emptying a table counts as some. */
    private long scans() {
        return database.jdbc()
                .sql("select seq_scan from pg_stat_xact_user_tables where schemaname = 'member' and relname = 'member'")
                .query(Long.class)
                .single();
    }
}
