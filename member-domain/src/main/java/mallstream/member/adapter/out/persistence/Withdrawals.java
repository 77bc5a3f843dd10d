package mallstream.member.adapter.out.persistence;

import java.util.Collection;
import mallstream.member.model.Member;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Nothing is granted to somebody who is leaving. The lock is the weakest that a withdrawal waits for, and is taken in a
 * statement of its own: only the next one sees what was committed during the wait. That costs a round trip a batch.
 * Turned down: a look without the lock, after which a grant could land on the account of somebody who has just left.
 */
final class Withdrawals {
    private Withdrawals() {}

    /** Waits for withdrawals of those members, and lets none begin until the transaction ends. */
    static void hold(JdbcClient jdbc, Collection<Member.Key> keys) {
        // One look by primary key after the other, in the order of the ids. With "= any" a plan was kept that read the
        // whole table, made while that was small, and was in use until the first ten thousands had signed up.
        jdbc.sql("""
                        select m.id from (select distinct id from unnest(?::uuid[]) as one (id) order by id) k
                        cross join lateral (select id from member.member where id = k.id for key share) m""")
                .param(keys.stream().map(key -> key.memberId().toString()).toArray(String[]::new))
                .query((row, n) -> true)
                .list();
    }
}
