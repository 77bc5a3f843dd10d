package mallstream.kafka.consume;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import mallstream.kafka.Broker;
import mallstream.kafka.Tracing;
import mallstream.kafka.consume.core.Budget;
import mallstream.kafka.consume.core.Engine;
import mallstream.kafka.consume.core.Progress;
import mallstream.kafka.consume.core.Source;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * One subscription in this instance: its engine, which lives as long as the application, its membership, which may end and
 * begin again, and what it knows of strangers.
 *
 * @param <E> the event's type
 */
final class RunningSubscription<E> {
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Subscription<E> subscription;
    private final ConsumeSettings.Of settings;
    private final String owner;
    private final Surroundings surroundings;
    private final ConsumeMeters meters;
    private final GroupOffsets offsets;
    private final Strangers strangers;
    private volatile Words words = new Words("waiting", "has not started yet");
    private volatile @Nullable Handling<E> handling;
    private @Nullable Membership membership;
    private boolean wanted = true;
    private volatile boolean servedFromShadow;
    private Control control = Control.AS_CONFIGURED;

    /**
     * @param subscription what runs
     * @param settings its settings
     * @param surroundings what all subscriptions of this instance share
     * @param meters its figures
     */
    RunningSubscription(
            Subscription<E> subscription,
            ConsumeSettings.Of settings,
            Surroundings surroundings,
            ConsumeMeters meters) {
        this.subscription = subscription;
        this.settings = settings;
        this.surroundings = surroundings;
        this.meters = meters;
        this.owner = surroundings.application + ":" + subscription.domain() + "." + subscription.name();
        this.offsets = new GroupOffsets(
                surroundings.broker, subscription.group(), metadata -> Progress.stamped(metadata, owner));
        this.strangers = new Strangers(subscription, surroundings, offsets, meters);
    }

    Subscription<E> subscription() {
        return subscription;
    }

    ConsumeSettings.Of settings() {
        return settings;
    }

    ConsumeMeters meters() {
        return meters;
    }

    /** The engine and its threads; null: the topic's partitions are not known yet. */
    @Nullable
    Handling<E> handling() {
        return handling;
    }

    /**
     * Looks who is in the group now.
     *
     * @param patience how long to wait at most
     * @return who is there, or who was at the last look that succeeded; null: none has
     */
    GroupWatch.@Nullable Look lookNow(Duration patience) {
        return strangers.now(patience);
    }

    /** What the group and its shadow have committed. */
    GroupOffsets offsets() {
        return offsets;
    }

    /** The metadata of a commit of ours without gaps. */
    String stamp(long offset) {
        return Progress.at(offset).metadata(owner);
    }

    /** An operator moves the group: what this instance has of it moves now. */
    synchronized void move(Moves.Order order) {
        Membership current = membership;
        if (current != null) {
            current.move(order);
        }
    }

    /** The group that this instance is in, or would be. */
    ConsumerGroupId joined() {
        return strangers.rescued() ? subscription.group().shadow() : subscription.group();
    }

    /** What an operator wants; it holds until something else is said. */
    synchronized void control(Control wish) {
        control = wish;
        Handling<E> running = handling;
        if (running != null) {
            follow(running, wish);
        }
    }

    private void follow(Handling<E> running, Control wish) {
        running.tell(() -> {
            long now = surroundings.nanos.getAsLong();
            running.engine().pause(wish.paused() != null, now);
            running.engine().limits(wish.maxInFlight(), wish.perSecond(), now);
        });
    }

    /**
     * Settles where the group stands, and joins it.
     *
     * @param ended told once when the membership has ended
     * @return whether there is a membership now; not where the subscription was stopped meanwhile
     * @throws StartPositions.LostOffsets if only a person can say where to go on
     * @throws OtherOwner if another application has the group: ask again later
     * @throws org.apache.kafka.common.KafkaException if the cluster can't be reached: try again
     */
    boolean join(Membership.Ended ended) throws StartPositions.LostOffsets, OtherOwner {
        String other = strangers.otherOwner();
        if (other != null) {
            throw new OtherOwner(subscription.group(), other, surroundings.watching.quiet());
        }
        strangers.look(LOOK);
        StartPositions.Settled settled = surroundings.positions.settle(subscription);
        if (settled.taken()) {
            strangers.refused();
        }
        int partitions = surroundings.broker.partitions(subscription.topic());
        // Once: where a look changes it meanwhile, the next watch lets this membership end.
        boolean rescued = strangers.rescued();
        if (servedFromShadow && !rescued) {
            // Where a peer was faster the group has members and refuses; then its commits and the shadow tell.
            offsets.restore(Broker.PATIENCE);
            strangers.returned();
        }
        synchronized (this) {
            if (!wanted) {
                return false;
            }
            Handling<E> running = handling == null ? handle(partitions) : handling;
            servedFromShadow = rescued;
            Consumer<byte[], byte[]> consumer = surroundings.consumers.create(
                    subscription,
                    rescued ? subscription.group().shadow() : subscription.group(),
                    owner,
                    settings.protocol(),
                    new GroupConsumers.Fetch(
                            running.ask(() -> running.engine().pollRecords()),
                            surroundings.budget.fetch(),
                            2 * partitions));
            Membership.Terms terms = new Membership.Terms(
                    subscription,
                    owner,
                    offsets,
                    rescued,
                    Set.copyOf(settled.firstStart().keySet()),
                    settings.bounds().drain(),
                    Membership.Lanes.of(subscription, settings.ordering()),
                    meters,
                    strangers::stolen);
            Membership joining = new Membership(terms, running, consumer, ended, surroundings.nanos);
            membership = joining;
            words = new Words("up", "runs");
            joining.start();
            return true;
        }
    }

    private Handling<E> handle(int partitions) {
        Handling<E> begun = new Handling<>(
                subscription,
                settings,
                partitions,
                surroundings.budget.join(),
                owner,
                new DeadLetters(surroundings.broker, subscription.group()),
                subscription.passesGate() ? surroundings.gate : null,
                surroundings.tracing,
                meters,
                surroundings.nanos,
                surroundings.clock,
                surroundings.random);
        meters.show(begun);
        follow(begun, control);
        handling = begun;
        return begun;
    }

    /**
     * The membership has ended.
     *
     * @param thrown what ended it; null: it was stopped
     * @return whether to join again at once, because it moves between its group and its shadow
     */
    synchronized boolean ended(@Nullable Throwable thrown) {
        membership = null;
        if (thrown instanceof InconsistentGroupProtocolException) {
            return strangers.refused();
        }
        return thrown == null && wanted;
    }

    /** How long to wait between two calls of {@link #watch}. */
    Duration watchEvery() {
        return surroundings.watching.every();
    }

    /** Looks who is in the group; to be called every few seconds. A membership that is not where it belongs ends. */
    void watch() {
        if (!wanted()) {
            return;
        }
        strangers.look(LOOK);
        // Where two applications started at once, both may have come this far; the one that is kept out gives in.
        boolean others = strangers.rescued() && strangers.otherOwner() != null;
        synchronized (this) {
            Membership current = membership;
            if (current != null && (others || current.rescued() != strangers.rescued())) {
                current.stop();
            }
        }
    }

    private synchronized boolean wanted() {
        return wanted;
    }

    /** It may join from now on, also after a stop. */
    synchronized void begin() {
        wanted = true;
    }

    /** Ends it until it begins again; what runs is drained first. The end is told to whoever was given at the join. */
    synchronized void stop() {
        wanted = false;
        Membership current = membership;
        if (current != null) {
            current.stop();
        }
    }

    /** Partitions of its topic that this instance serves. */
    int partitions() {
        Handling<E> running = handling;
        return running == null
                ? 0
                : Math.toIntExact(running.ask(() -> running.engine().sources().stream()
                        .filter(each -> each.topic().equals(subscription.topic()))
                        .count()));
    }

    /** Why it does not run, from whoever starts it. */
    void say(String state, String reason) {
        words = new Words(state, reason);
    }

    /** How it is, in words. */
    Words words() {
        Words said = words;
        Handling<E> running = handling;
        if (!said.state.equals("up") || running == null) {
            return said;
        }
        Control wish;
        boolean inShadow;
        synchronized (this) {
            wish = control;
            inShadow = membership != null && membership.rescued();
        }
        if (strangers.rescued()) {
            return inShadow
                    ? new Words(
                            "rescued",
                            strangers.words() + "; everything is served from "
                                    + subscription.group().shadow()
                                    + ", stop the stranger or give it a group of its own")
                    : new Words(
                            "stranger",
                            strangers.words() + "; moves to "
                                    + subscription.group().shadow());
        }
        return running.ask(() -> words(running, wish));
    }

    private Words words(Handling<E> running, Control wish) {
        Engine<?> engine = running.engine();
        if (wish.paused() != null) {
            return new Words(
                    "paused",
                    "paused by " + wish.paused().by() + " since "
                            + wish.paused().since());
        }
        Engine.Outage outage = engine.outage();
        if (outage != null) {
            return new Words(
                    "waiting",
                    outage.what() + " since " + running.timeOfDay(outage.since()) + "; no event is lost, next try at "
                            + running.timeOfDay(outage.until()));
        }
        long now = surroundings.nanos.getAsLong();
        if (!engine.closed().isEmpty()) {
            var first = engine.closed().getFirst().records().getFirst();
            return new Words(
                    "stuck",
                    engine.closed().size()
                            + " calls do not end though they were interrupted; the first holds " + first.source()
                            + " offset "
                            + first.offset() + " and its key, other keys go on");
        }
        for (Source each : engine.sources()) {
            Engine.PartitionLook look = engine.look(each);
            if (look != null && look.holder() != null && look.gapsFull()) {
                return new Words(
                        "stuck",
                        each + " offset " + look.holder().offset() + " is "
                                + look.holder().stage() + " and nothing more fits above it: " + look.notFetched());
            }
        }
        long oldest = engine.oldest();
        if (oldest == Long.MAX_VALUE) {
            return new Words("idle", engine.sources().isEmpty() ? "runs, other instances have the partitions" : "runs");
        }
        if (now - oldest > surroundings.slowAfter.toNanos()) {
            return new Words(
                    "slow",
                    "runs; the oldest unfinished record was received "
                            + Duration.ofNanos(now - oldest).toSeconds() + " s ago");
        }
        return new Words("up", "runs");
    }

    /**
     * How a subscription is.
     *
     * @param state one word, as {@link ConsumerControl.ConsumerView#state}
     * @param reason why, and what to do
     */
    record Words(String state, String reason) {
        /** Whether nobody needs to do anything. */
        boolean well() {
            return Set.of("up", "idle", "slow", "paused", "off").contains(state);
        }
    }

    /**
     * What all subscriptions of an instance share.
     *
     * @param application whose instances these are, part of the owner
     * @param broker the cluster
     * @param positions where groups begin
     * @param consumers makes consumers
     * @param budget the bytes of this JVM
     * @param gate what calls pass that need the database; null: nothing
     * @param tracing follows traces into calls, where that is on
     * @param slowAfter from when on a record counts as slow
     * @param watching how strangers are watched for
     * @param nanos the engine's clock
     * @param clock the time of day
     * @param random spreads back-offs
     */
    record Surroundings(
            String application,
            Broker broker,
            StartPositions positions,
            GroupConsumers consumers,
            Budget budget,
            @Nullable CallGate gate,
            Tracing tracing,
            Duration slowAfter,
            Watching watching,
            LongSupplier nanos,
            Clock clock,
            RandomGenerator random) {}
}
