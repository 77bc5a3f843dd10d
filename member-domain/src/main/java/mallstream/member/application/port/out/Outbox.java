package mallstream.member.application.port.out;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import mallstream.member.model.MemberSignedUp;

/**
 * Events that are stored and not yet published. Rows lie in buckets by member, and whole buckets are claimed, never
 * single rows: so one instance at a time publishes a member's events, and they keep their order.
 */
public interface Outbox {
    /**
     * Appends in the caller's transaction. Events of one member get the order in which their transactions commit.
     *
     * @param event what happened
     */
    void append(MemberSignedUp event);

    /**
     * Claims buckets that hold events and that nobody has claimed, and reads their events.
     *
     * @param most events at the most, 1 or more
     * @param lease how long the claim holds, by the database's clock
     * @return what was claimed, in order; empty where there is nothing to do
     */
    List<Claimed> claim(int most, Duration lease);

    /**
     * Ends a claim: forgets what was published, keeps the rest and lets the buckets go. Where the lease ran out and
     * another has claimed a bucket since, its rows are left alone.
     *
     * @param published claimed and safe with the broker
     * @param failed claimed and not published; their members wait for {@code pause}, the others of the bucket do not
     * @param pause how long
     */
    void settle(Collection<Claimed> published, Collection<Claimed> failed, Duration pause);

    /**
     * @return how long the oldest event has been waiting, by the database's clock; zero where none waits
     */
    Duration oldestAge();

    /**
     * @param sequence place in the outbox
     * @param bucket its bucket
     * @param fence number of the claim; a later claim of the bucket has a higher one
     * @param event what to publish
     */
    record Claimed(long sequence, int bucket, long fence, MemberSignedUp event) {}
}
