package mallstream.kafka.consume;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import mallstream.kafka.Broker;
import mallstream.kafka.consume.core.Rescue;
import mallstream.kafka.consume.core.Source;
import mallstream.kafka.consume.core.StartAt;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an instance knows of strangers in the group of one subscription, and what follows from it. */
final class Strangers {
    private static final Logger log = LoggerFactory.getLogger(Strangers.class);
    /** Partitions that the words name; people look the rest up. */
    private static final int MOST_NAMED = 4;

    private final Broker broker;
    private final String name;
    private final ConsumerGroupId group;
    private final String application;
    private final String reaction;
    private final GroupOffsets offsets;
    private final Duration quiet;
    private final ConsumeMeters meters;
    private final LongSupplier nanos;
    private final GroupWatch watch;
    private final Rescue rescue;
    /** One for each partition at most. */
    private final Map<Source, StartAt.Stolen> thefts = new ConcurrentHashMap<>();

    private volatile GroupWatch.@Nullable Look look;
    private volatile @Nullable Long otherRan;

    /**
     * @param subscription whose group is watched
     * @param surroundings what all subscriptions of this instance share
     * @param offsets of the group and its shadow
     * @param meters its figures
     */
    Strangers(
            Subscription<?> subscription,
            RunningSubscription.Surroundings surroundings,
            GroupOffsets offsets,
            ConsumeMeters meters) {
        this.broker = surroundings.broker();
        this.name = subscription.name();
        this.group = subscription.group();
        this.application = surroundings.application();
        this.reaction = ":" + subscription.domain() + "." + name;
        this.offsets = offsets;
        this.quiet = surroundings.watching().quiet();
        this.meters = meters;
        this.nanos = surroundings.nanos();
        this.watch = of(application, group);
        this.rescue = new Rescue(quiet);
    }

    private GroupWatch of(String members, ConsumerGroupId in) {
        return new GroupWatch(broker, GroupWatch.prefix(members, name), in);
    }

    /** Who we are: the application and its subscription. */
    String owner() {
        return application + reaction;
    }

    /** Whether the subscription belongs in its shadow group. */
    boolean rescued() {
        return rescue.status().state() == Rescue.State.RESCUED;
    }

    /**
     * Looks who is there, and follows nothing from it.
     *
     * @param patience how long to wait at most
     * @return who is there, or who was at the last look that succeeded; null: none has
     */
    GroupWatch.@Nullable Look now(Duration patience) {
        try {
            return watch.look(patience);
        } catch (KafkaException e) {
            return look;
        }
    }

    /**
     * Looks who is there; {@link #rescued} may be another after that.
     *
     * @param patience how long to wait at most
     */
    void look(Duration patience) {
        GroupWatch.Look seen;
        try {
            seen = watch.look(patience);
        } catch (KafkaException e) {
            rescue.lookFailed();
            return;
        }
        look = seen;
        meters.foreignMembers(seen.strangers().size());
        Rescue.Change change = rescue.seen(seen.strangers(), nanos.getAsLong());
        for (Rescue.Stranger each : change.arrived()) {
            log.error(
                    "{}: a stranger is in the group {}: {} on {} with {}; served from {} until it is gone",
                    name,
                    group,
                    each.clientId(),
                    each.host(),
                    each.partitions().isEmpty() ? "no partition" : each.partitions(),
                    group.shadow());
        }
        for (Rescue.Stranger each : change.left()) {
            log.warn("{}: the stranger {} on {} has left", name, each.clientId(), each.host());
        }
        if (change.moved() && change.state() == Rescue.State.NORMAL) {
            log.warn("{}: no stranger for {} s, back in {}", name, quiet.toSeconds(), group);
        }
    }

    /**
     * The broker has not let us in.
     *
     * @return whether the subscription belongs in its shadow now and did not before
     */
    boolean refused() {
        boolean moved = rescue.refused(nanos.getAsLong()).moved();
        if (moved) {
            log.error(
                    "{}: others are in the group {} and keep us out; served from {} until they are gone",
                    name,
                    group,
                    group.shadow());
        }
        return moved;
    }

    /** Somebody else has committed what we have not handled. A span is counted and told once, however often it is met. */
    void stolen(Source source, StartAt.Stolen span) {
        StartAt.Stolen known = thefts.put(source, span);
        long fresh = span.to() - (known == null ? span.from() : Math.max(span.from(), known.to()));
        if (fresh > 0) {
            meters.stolen(fresh);
            log.error(
                    "{}: somebody else has committed {}; it is handled from {} on",
                    name,
                    words(source, span),
                    span.from());
        }
    }

    /** The subscription is back in its group, whose offsets are its own again. */
    void returned() {
        thefts.clear();
    }

    /**
     * The application whose group this is, where it is not ours: its stamp is on what was committed last, and it runs. The
     * second application that has the same subscription must not join, neither the group nor the shadow, or each would keep
     * events from the other. What was renamed takes over once nothing of the old name has run for the quiet time.
     *
     * @return its name; null: the group is ours to join
     * @throws KafkaException if the cluster can't be reached
     */
    @Nullable
    String otherOwner() {
        for (String each : offsets.read(Broker.PATIENCE).owners()) {
            if (!each.endsWith(reaction) || each.equals(owner())) {
                continue;
            }
            String other = each.substring(0, each.length() - reaction.length());
            if (runs(other, group) || runs(other, group.shadow())) {
                otherRan = nanos.getAsLong();
            }
            Long ran = otherRan;
            if (ran != null && nanos.getAsLong() - ran < quiet.toNanos()) {
                return other;
            }
        }
        return null;
    }

    private boolean runs(String other, ConsumerGroupId in) {
        return of(other, in).look(Broker.PATIENCE).members().stream().anyMatch(GroupWatch.Member::ours);
    }

    /**
     * What a person has to know.
     *
     * @return who is there, what they took, or how long nobody has been there
     */
    String words() {
        Rescue.Status status = rescue.status();
        return who(status) + taken();
    }

    private String who(Rescue.Status status) {
        long now = nanos.getAsLong();
        Long since = status.quietSince();
        if (since != null) {
            return "nobody else is in the group " + group + " since "
                    + Duration.ofNanos(now - since).toSeconds() + " s, it is joined again after " + quiet.toSeconds()
                    + " s";
        }
        return status.present().isEmpty()
                ? "others kept us out of the group " + group
                : "in the group " + group + " is "
                        + status.present().stream().map(each -> each.words(now)).collect(Collectors.joining(" and "));
    }

    private String taken() {
        Map<Source, StartAt.Stolen> spans = Map.copyOf(thefts);
        if (spans.isEmpty()) {
            return "";
        }
        String named = spans.entrySet().stream()
                .map(each -> words(each.getKey(), each.getValue()))
                .sorted()
                .limit(MOST_NAMED)
                .collect(Collectors.joining(", "));
        int more = spans.size() - MOST_NAMED;
        return "; others have committed " + named + (more > 0 ? " and of " + more + " partitions more" : "")
                + ", which is handled all the same";
    }

    private static String words(Source source, StartAt.Stolen span) {
        return source + " from " + span.from() + " to " + span.to();
    }
}
