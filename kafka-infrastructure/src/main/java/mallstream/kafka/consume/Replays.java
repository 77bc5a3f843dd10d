package mallstream.kafka.consume;

import java.time.Clock;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import mallstream.kafka.Broker;
import mallstream.kafka.consume.ConsumerControl.InvalidRequest;
import mallstream.kafka.consume.ConsumerControl.ReplayRequest;
import mallstream.kafka.consume.ConsumerControl.ReplayStarted;
import mallstream.kafka.consume.ConsumerControl.ReplayView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts replays and tells of them. A replay stands in the control topic under {@code replay/<group>}, one of each group
 * at a time; {@link ReplayRunner} of any instance does the work. A tombstone under that key ends it.
 */
final class Replays {
    private static final Logger log = LoggerFactory.getLogger(Replays.class);
    private static final int MOST_IDS = 1000;
    private static final int MOST_PER_SECOND = 10_000;
    private static final int DEFAULT_PER_SECOND = 100;

    private final ControlFollower follower;
    private final Shared<ReplayState> replays;
    private final Broker broker;
    private final Clock clock;
    private final RandomGenerator random;
    private final int cap;

    /**
     * @param follower follows the control topic
     * @param replays what it shares of {@link ReplayState#PREFIX}
     * @param broker the cluster
     * @param clock the time
     * @param random for the names of replays
     * @param cap a dead letter that was replayed as often is left out, 1 or more; usually {@link ReplayState#CAP}
     */
    Replays(
            ControlFollower follower,
            Shared<ReplayState> replays,
            Broker broker,
            Clock clock,
            RandomGenerator random,
            int cap) {
        this.follower = follower;
        this.replays = replays;
        this.broker = broker;
        this.clock = clock;
        this.random = random;
        this.cap = cap;
    }

    /**
     * Starts a replay of those dead letters that are there now.
     *
     * @param group whose dead letters
     * @param request which ones, and how fast
     * @param by the name of the caller's key
     * @return how many; where counting takes longer than 10 s, all that were not looked at count as well
     * @throws InvalidRequest if the request is malformed, or names what is not there
     * @throws ConsumerControl.Conflict if a replay of the group is under way
     * @throws org.apache.kafka.common.KafkaException if the cluster does not answer, or the replay could not be stored;
     *     it may be there all the same
     */
    ReplayStarted start(ConsumerGroupId group, ReplayRequest request, String by) {
        NavigableSet<DeadLetterId> ids = ids(request);
        int perSecond = request.perSecond() == null ? DEFAULT_PER_SECOND : request.perSecond();
        if (perSecond < 1 || perSecond > MOST_PER_SECOND) {
            throw new InvalidRequest("perSecond", "is " + perSecond + ", must be 1 to " + MOST_PER_SECOND);
        }
        follower.awaitCaughtUp();
        refuseSecond(view(group));

        ReplayPick pick = ReplayPick.of(broker, group, ids, request.reason(), cap, clock);
        String id = Long.toHexString(random.nextLong());
        if (pick.total() == 0) {
            return new ReplayStarted(id, 0, pick.leftOut());
        }
        ReplayState mine = new ReplayState(
                id,
                by,
                perSecond,
                ids == null
                        ? null
                        : pick.ids().stream().map(DeadLetterId::toString).toList(),
                request.reason(),
                new TreeMap<>(),
                pick.ends(),
                pick.total(),
                0,
                null,
                clock.instant(),
                false);
        ReplayState there = replays.update(
                group.value(), current -> current != null && !current.value().done() ? current.value() : mine);
        if (there != null && !there.id().equals(id)) {
            refuseSecond(view(there));
        }
        log.info("replay {} of {} dead letters of {} was started by {}", id, pick.total(), group, by);
        return new ReplayStarted(id, pick.total(), pick.leftOut());
    }

    private static @Nullable NavigableSet<DeadLetterId> ids(ReplayRequest request) {
        List<String> ids = request.ids();
        if (ids == null == (request.reason() == null)) {
            throw new InvalidRequest("ids", "exactly one of ids and reason must be there");
        }
        if (ids == null) {
            return null;
        }
        if (ids.isEmpty() || ids.size() > MOST_IDS) {
            throw new InvalidRequest("ids", "are " + ids.size() + ", must be 1 to " + MOST_IDS);
        }
        return new TreeSet<>(
                ids.stream().map(each -> DeadLetterId.parse("ids", each)).toList());
    }

    private static void refuseSecond(@Nullable ReplayView underWay) {
        if (underWay != null) {
            throw new ConsumerControl.Conflict("replay " + underWay.id() + " by " + underWay.by() + " is under way, "
                    + underWay.sent() + " of " + underWay.total() + " are sent; try again when it has ended");
        }
    }

    /**
     * @param group a group
     * @return its replay that is under way, whichever instance runs it; {@code null}: none
     */
    @Nullable
    ReplayView view(ConsumerGroupId group) {
        Shared.Entry<ReplayState> entry = replays.entry(group.value());
        return entry == null || entry.value().done() ? null : view(entry.value());
    }

    private static ReplayView view(ReplayState state) {
        return new ReplayView(state.id(), state.total(), state.sent(), state.by());
    }
}
