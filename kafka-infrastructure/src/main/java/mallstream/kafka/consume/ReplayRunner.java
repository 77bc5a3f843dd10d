package mallstream.kafka.consume;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mallstream.kafka.Broker;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs replays. One instance at a time runs one: it writes itself in as the runner, and begins where it still stands there
 * at its next turn. A runner writes once a second; where nothing was written for {@link #SILENCE}, another takes over, and
 * what was sent and not saved is sent again, about a second's worth. Silence is measured by the reader's own clock, so the
 * clocks of instances need not agree.
 */
final class ReplayRunner {
    /** So long a runner may be silent. */
    static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(ReplayRunner.class);
    private static final Duration SAVE = Duration.ofSeconds(1);
    private static final Duration REST = Duration.ofSeconds(2);

    private final ControlFollower follower;
    private final Shared<ReplayState> replays;
    private final Broker broker;
    private final Clock clock;
    private final int cap;
    private final Map<String, ReplaySession> sessions = new HashMap<>();
    private final Map<String, Instant> rests = new HashMap<>();
    private volatile boolean stopping;

    /**
     * @param follower follows the control topic
     * @param replays what it shares of {@link ReplayState#PREFIX}
     * @param broker the cluster
     * @param clock the time
     * @param cap a dead letter that was replayed as often is left out, 1 or more; usually {@link ReplayState#CAP}
     */
    ReplayRunner(ControlFollower follower, Shared<ReplayState> replays, Broker broker, Clock clock, int cap) {
        this.follower = follower;
        this.replays = replays;
        this.broker = broker;
        this.clock = clock;
        this.cap = cap;
    }

    /**
     * Does what is due: takes replays over that nobody runs, and sends for those that this instance runs. Called again
     * and again, by one thread.
     */
    void turn() {
        if (!follower.caughtUp()) {
            return;
        }
        List.copyOf(sessions.keySet()).forEach(group -> {
            if (mine(group) == null) {
                end(group);
            }
        });
        for (String group : replays.names()) {
            Instant rest = rests.get(group);
            if (stopping || rest != null && clock.instant().isBefore(rest)) {
                continue;
            }
            try {
                turn(group);
                rests.remove(group);
            } catch (RuntimeException e) {
                end(group);
                if (rests.put(group, clock.instant().plus(REST)) == null && !stopping) {
                    log.warn("the replay of {} can't go on, tried again every {} s", group, REST.toSeconds(), e);
                }
            }
        }
    }

    private @Nullable ReplayState mine(String group) {
        Shared.Entry<ReplayState> entry = replays.entry(group);
        return entry != null && entry.value().runBy(follower.instance()) ? entry.value() : null;
    }

    private void turn(String group) {
        ReplayState mine = mine(group);
        if (mine == null) {
            claim(group);
            return;
        }
        ReplaySession session = sessions.get(group);
        if (session == null || !session.id().equals(mine.id())) {
            end(group);
            session = new ReplaySession(broker, group, mine, cap, clock);
            sessions.put(group, session);
        }
        try {
            session.run(() -> !stopping);
        } catch (KafkaException e) {
            save(group, session, false);
            throw e;
        }
        boolean finished = session.finished();
        if (finished || !clock.instant().isBefore(mine.savedAt().plus(SAVE))) {
            save(group, session, finished);
        }
    }

    /** It runs from the next turn on, where this instance is still the one that stands there. */
    private void claim(String group) {
        Shared.Entry<ReplayState> there = replays.entry(group);
        if (there != null && free(there)) {
            replays.updatePresent(
                    group,
                    current -> free(current)
                            ? current.value().with(follower.instance(), clock.instant())
                            : current.value());
        }
    }

    private boolean free(Shared.Entry<ReplayState> entry) {
        return !entry.value().done()
                && (entry.value().runner() == null
                        || !clock.instant().isBefore(entry.seen().plus(SILENCE)));
    }

    private void save(String group, ReplaySession session, boolean finished) {
        ReplayState now = replays.updatePresent(
                group,
                current -> isOf(session, current) ? session.progress(current.value(), finished) : current.value());
        if (finished && now != null && now.done() && now.id().equals(session.id())) {
            log.info("replay {} of {} is done, {} of {} were sent", now.id(), group, now.sent(), now.total());
            end(group);
        }
    }

    private boolean isOf(ReplaySession session, Shared.Entry<ReplayState> current) {
        return current.value().runBy(follower.instance())
                && current.value().id().equals(session.id());
    }

    private void end(String group) {
        ReplaySession session = sessions.remove(group);
        if (session != null) {
            session.close();
        }
    }

    /** Makes the turn that is under way end soon. */
    void stop() {
        stopping = true;
    }

    /** After the last turn: saves, and leaves the replays of this instance to others. */
    void release() {
        for (String group : replays.names()) {
            if (mine(group) == null) {
                continue;
            }
            ReplaySession session = sessions.get(group);
            try {
                replays.updatePresent(group, current -> {
                    if (!current.value().runBy(follower.instance())) {
                        return current.value();
                    }
                    ReplayState saved = session != null && isOf(session, current)
                            ? session.progress(current.value(), false)
                            : current.value();
                    return saved.with(null, clock.instant());
                });
            } catch (KafkaException e) {
                log.info(
                        "the replay of {} could not be handed over, another instance goes on in {} s",
                        group,
                        SILENCE.toSeconds());
            }
        }
        List.copyOf(sessions.keySet()).forEach(this::end);
    }
}
