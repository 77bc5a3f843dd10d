package mallstream.member.adapter.out.persistence;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Locks by a word, for what may have no row yet, until the transaction ends. By a statement of its own: the next one sees
 * what was committed while this one waited. Numbers are not given anew, as the jar before this one locks by them too; the
 * outbox and idempotency keys lock by one long, which is another space.
 */
enum WordLock {
    /** Versions of a policy, by mall and code. */
    COUPON_POLICY(1),
    /** Versions of a text, by code. */
    NOTICE_TEMPLATE(2),
    /** Starts of campaigns, by year and channel. */
    NOTICE_CAMPAIGN(3);

    private final int space;

    WordLock(int space) {
        this.space = space;
    }

    void take(JdbcClient jdbc, String word) {
        jdbc.sql("select pg_advisory_xact_lock(?, hashtext(?))")
                .param(space)
                .param(word)
                .query((row, n) -> true)
                .single();
    }
}
