package mallstream.kafka.consume;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the subscriptions of this instance and steers them, for whoever offers that to operators. Changes of pauses and
 * limits are stored in the topic {@code mallstream.control}; every instance follows within 5 s, also after a restart.
 * Nothing here holds personal data: keys are hashed, values masked.
 *
 * <p>Whatever needs Kafka throws {@link Unreachable} where Kafka does not answer in time or refuses. Whether a change was
 * made is not known then; it may be asked for again.
 */
public interface ConsumerControl {
    /** What this instance sees of each subscription, by name. */
    List<ConsumerView> consumers();

    /**
     * @param name a subscription
     * @return what this instance sees of it, with the members of its group as the broker knows them
     * @throws NoSuchConsumer if no subscription has that name
     */
    ConsumerView consumer(String name);

    /**
     * Stops fetching and handling, everywhere; calls that run end as usual.
     *
     * @param name a subscription
     * @param by the name of the caller's key, for the log
     * @throws NoSuchConsumer if no subscription has that name
     * @throws Unreachable if the change could not be stored
     */
    void pause(String name, String by);

    /** Takes a pause back; parameters and errors as {@link #pause}. */
    void resume(String name, String by);

    /**
     * @param name a subscription
     * @param limits what to change; all null goes back to the settings
     * @param by the name of the caller's key, for the log
     * @throws NoSuchConsumer if no subscription has that name
     * @throws InvalidRequest if a limit is out of its range
     */
    void limits(String name, Limits limits, String by);

    /**
     * Moves the group: a rewind or a skip that an operator wants. The subscription must be paused first, so that nobody
     * commits meanwhile.
     *
     * @param name a subscription
     * @param target where to
     * @param dryRun only say what would change
     * @param by the name of the caller's key, for the log
     * @return per partition where it stood and where it stands now, or would
     * @throws NoSuchConsumer if no subscription has that name
     * @throws InvalidRequest if the target is malformed or out of range
     * @throws Conflict if the subscription is not paused
     */
    List<Move> offsets(String name, OffsetTarget target, boolean dryRun, String by);

    /**
     * @param name a subscription
     * @param query what to show
     * @return a page of the group's dead letters, oldest first
     * @throws NoSuchConsumer if no subscription has that name
     * @throws InvalidRequest if the query is malformed
     */
    DeadLetterPage deadLetters(String name, DeadLetterQuery query);

    /**
     * Sends dead letters to the group's replay topic, in the background and at a rate. It goes on in another instance
     * where this one ends.
     *
     * @param name a subscription
     * @param request which ones
     * @param by the name of the caller's key, for the log
     * @return how many there are, and how many are left out because they were replayed too often
     * @throws NoSuchConsumer if no subscription has that name
     * @throws InvalidRequest if the request is malformed, or names what is not there
     * @throws Conflict if a replay of the group is under way
     */
    ReplayStarted replay(String name, ReplayRequest request, String by);

    /**
     * One subscription as this instance sees it.
     *
     * @param instance which instance answers
     * @param name its name
     * @param state one of up, idle, slow, stuck, paused, waiting, stranger, rescued, stopped, off
     * @param reason the state in words, with what to do
     * @param group its consumer group
     * @param joined the group that it is a member of now: its shadow while it is rescued
     * @param topic what it reads
     * @param held records received and not yet finished
     * @param maxHeld the bound of held
     * @param heldMost most records ever held
     * @param inFlight calls that run
     * @param maxInFlight the bound of in flight
     * @param perSecond records that may begin per second; null: no bound
     * @param lag records behind the ends of this instance's partitions
     * @param replayedIfKilled records that would be handled again if the instance was killed now
     * @param members the members of the group as the broker knows them; empty in lists
     * @param partitions what this instance serves
     * @param topKeys the keys with most records held, hashed
     * @param stuckCalls calls that outlived their timeout and the interrupt
     * @param replay a replay of its dead letters under way, whichever instance runs it; null: none
     * @param hot the keys with most of the records that this instance received in the last minute or so, most first, at most
     *     20; empty where the subscription does not say that its keys may be shown, and where no key stands out
     */
    record ConsumerView(
            String instance,
            String name,
            String state,
            String reason,
            String group,
            String joined,
            String topic,
            int held,
            int maxHeld,
            int heldMost,
            int inFlight,
            int maxInFlight,
            @Nullable Integer perSecond,
            long lag,
            long replayedIfKilled,
            List<Member> members,
            List<PartitionView> partitions,
            List<TopKey> topKeys,
            List<StuckCall> stuckCalls,
            @Nullable ReplayView replay,
            List<HotKey> hot) {}

    /**
     * A member of the group.
     *
     * @param clientId its client id
     * @param host where it runs
     * @param partitions what it has
     * @param ours whether it is an instance of this subscription
     */
    record Member(String clientId, String host, List<Integer> partitions, boolean ours) {}

    /**
     * A partition that this instance serves.
     *
     * @param topic its topic: the source or the group's replay topic
     * @param partition its number
     * @param frontier all offsets below it are finished
     * @param position the next offset to be received
     * @param lag records behind its end; null where that is not known yet
     * @param held records received and not yet finished
     * @param paused why nothing is fetched; null where something may be
     * @param holder the record that holds the frontier; null: nothing does
     */
    record PartitionView(
            String topic,
            int partition,
            long frontier,
            long position,
            @Nullable Long lag,
            int held,
            @Nullable String paused,
            @Nullable Holder holder) {}

    /**
     * The record that holds a frontier.
     *
     * @param offset its offset
     * @param keyHash the hash of its key, for comparing
     * @param ageSeconds since it was received
     * @param attempts calls that it failed
     * @param stage queued, blocked (behind records of its key from before its lane was split or joined), lingering, running,
     *     waiting, burying or stuck
     * @param lastError class or code of its last failure; null: none
     * @param stack where its call is now; empty where it does not run
     */
    record Holder(
            long offset,
            String keyHash,
            long ageSeconds,
            int attempts,
            String stage,
            @Nullable String lastError,
            List<String> stack) {}

    /**
     * A key that many of the recent records have. Older records count the less, 0.37 after half a minute.
     *
     * @param key the key
     * @param share its part of the records received, 0 to 1; what is certain of it
     * @param perSecond its records received per second
     * @param waitMean seconds between the receipt of its records and the beginning of their first calls
     * @param waitLongest the longest of these in the last minute at the most, or the age of what waits in its lanes, in seconds
     * @param held records of it that are held
     * @param suggestion what can be done, in words; null where nothing helps, or nothing needs to be done: its share is below
     *     0.2, or its records wait for less than 0.5 s, or the others wait for more than a quarter of that
     */
    record HotKey(
            String key,
            double share,
            double perSecond,
            double waitMean,
            double waitLongest,
            int held,
            @Nullable String suggestion) {}

    /**
     * @param keyHash the hash of the key
     * @param held records of it that are held
     */
    record TopKey(String keyHash, int held) {}

    /**
     * @param partition where its first record came from
     * @param offset of its first record
     * @param keyHash of its first record
     * @param seconds since the call began
     * @param stack where it is now
     */
    record StuckCall(int partition, long offset, String keyHash, long seconds, List<String> stack) {}

    /**
     * @param id names the replay
     * @param total dead letters that it is for
     * @param sent how many were sent
     * @param by whose key started it
     */
    record ReplayView(String id, long total, long sent, String by) {}

    /**
     * @param maxInFlight calls at the same time, 1 to the configured bound's range; null: as configured
     * @param perSecond records that may begin per second, 1 to 1,000,000; null: no bound
     */
    record Limits(@Nullable Integer maxInFlight, @Nullable Integer perSecond) {}

    /**
     * Exactly one of to and time.
     *
     * @param partition the only partition to move; null: all (with time)
     * @param to the offset; needs a partition
     * @param time the first record at or after it
     */
    record OffsetTarget(
            @Nullable Integer partition,
            @Nullable Long to,
            @Nullable Instant time) {}

    /**
     * @param partition the partition
     * @param from where the group stood; null: nowhere
     * @param to where it stands now, or would
     * @param records how many are handled again (negative: how many are skipped)
     */
    record Move(int partition, @Nullable Long from, long to, long records) {}

    /**
     * @param reason only these; null: all
     * @param topic only what came from this topic; null: all
     * @param key only this key; null: all
     * @param after the id after which the page begins; null: the first page
     * @param size most dead letters of a page, 1 to 500
     */
    record DeadLetterQuery(
            @Nullable String reason,
            @Nullable String topic,
            @Nullable String key,
            @Nullable String after,
            int size) {}

    /**
     * @param deadLetters the page, oldest first of each partition; it may be short or empty and yet have a next one, where
     *     a filter finds few among many
     * @param next the id to go on after; null: this was the last page
     */
    record DeadLetterPage(
            List<DeadLetter> deadLetters, @Nullable String next) {}

    /**
     * @param id names it: {@code <partition>-<offset>} of the dead-letter topic
     * @param topic where it came from
     * @param partition where it came from
     * @param offset where it came from
     * @param at when it became a dead letter
     * @param reason a code
     * @param exception a class
     * @param attempts calls that it failed
     * @param replays how often it was replayed before
     * @param keyHash the hash of its key
     * @param value its value with every text and number masked
     */
    record DeadLetter(
            String id,
            String topic,
            int partition,
            long offset,
            Instant at,
            String reason,
            String exception,
            int attempts,
            int replays,
            String keyHash,
            String value) {}

    /**
     * Exactly one of ids and reason. A dead letter stays where it is when it is replayed, so a second replay by reason
     * sends it again.
     *
     * @param ids these; 1 to 1,000
     * @param reason all of this reason that are there now
     * @param perSecond how many to send per second, 1 to 10,000; null: 100
     */
    record ReplayRequest(
            @Nullable List<String> ids,
            @Nullable String reason,
            @Nullable Integer perSecond) {}

    /**
     * @param id names the replay
     * @param count dead letters that are sent; 0: there are none and nothing was started. Where counting took longer than
     *     10 s, those that were not looked at are counted as well
     * @param leftOut dead letters that were replayed too often, by id; the first 1,000
     */
    record ReplayStarted(String id, long count, List<String> leftOut) {}

    /** No subscription has that name. */
    final class NoSuchConsumer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** @param known what there is; what was asked for is not repeated */
        public NoSuchConsumer(List<String> known) {
            super("no such consumer; there are " + String.join(", ", known));
        }
    }

    /** A request of an operator that can't be followed. */
    final class InvalidRequest extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String field;

        /**
         * @param field what is wrong
         * @param why and how it would be right
         */
        public InvalidRequest(String field, String why) {
            super(field + ": " + why);
            this.field = field;
        }

        /** What is wrong. */
        public String field() {
            return field;
        }
    }

    /** A request that is right, but not in the state that the subscription is in now. */
    final class Conflict extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** @param what stands in the way, and what to do about it, in words for an operator */
        public Conflict(String what) {
            super(what);
        }
    }

    /** Kafka is away, or does not let us. */
    final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** @param cause what Kafka's client said */
        public Unreachable(RuntimeException cause) {
            super("Kafka cannot be asked: " + cause.getClass().getSimpleName(), cause);
        }
    }
}
