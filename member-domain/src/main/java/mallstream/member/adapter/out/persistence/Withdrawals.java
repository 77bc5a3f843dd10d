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
        jdbc.sql("select id from member.member where id = any(?::uuid[]) order by id for key share")
                .param(keys.stream().map(key -> key.memberId().toString()).toArray(String[]::new))
                .query((row, n) -> true)
                .list();
    }
}
