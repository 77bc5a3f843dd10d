package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import mallstream.kafka.consume.core.Call;
import mallstream.kafka.consume.core.Engine;
import mallstream.kafka.consume.core.Held;
import mallstream.kafka.consume.core.KeyHash;
import mallstream.kafka.consume.core.Source;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Shows the subscriptions of this instance and hands on what operators want of them. */
final class Consumption implements ConsumerControl {
    private static final int TOP_KEYS = 5;
    private static final int STACK = 30;
    private static final Duration LOOK = Duration.ofSeconds(3);

    private final ConsumerStarter starter;
    private final String instance;
    private final Controls controls;
    private final Moves moves;
    private final DeadLetterReader deadLetters;
    private final Replays replays;

    /**
     * @param starter knows the subscriptions
     * @param instance which instance answers
     * @param controls pauses and limits of all instances
     * @param moves rewinds and skips
     * @param deadLetters reads dead letters
     * @param replays starts replays
     */
    Consumption(
            ConsumerStarter starter,
            String instance,
            Controls controls,
            Moves moves,
            DeadLetterReader deadLetters,
            Replays replays) {
        this.starter = starter;
        this.instance = instance;
        this.controls = controls;
        this.moves = moves;
        this.deadLetters = deadLetters;
        this.replays = replays;
    }

    @Override
    public List<ConsumerView> consumers() {
        return starter.subscriptions().values().stream()
                .map(each -> view(each, List.of()))
                .toList();
    }

    @Override
    public ConsumerView consumer(String name) {
        RunningSubscription<?> found = find(name);
        GroupWatch.Look look = found.lookNow(LOOK);
        return view(
                found,
                look == null
                        ? List.of()
                        : look.members().stream()
                                .map(each -> each.of(found.subscription().topic()))
                                .toList());
    }

    @Override
    public void pause(String name, String by) {
        find(name);
        asking(() -> controls.pause(name, by));
    }

    @Override
    public void resume(String name, String by) {
        find(name);
        asking(() -> controls.resume(name, by));
    }

    @Override
    public void limits(String name, Limits limits, String by) {
        find(name);
        asking(() -> controls.limits(name, limits, by));
    }

    @Override
    public List<Move> offsets(String name, OffsetTarget target, boolean dryRun, String by) {
        RunningSubscription<?> found = find(name);
        if (controls.current(name).paused() == null) {
            throw new Conflict("pause " + name + " first, so that nobody commits while its group is moved");
        }
        return asked(() -> moves.move(found, target, dryRun, by));
    }

    @Override
    public DeadLetterPage deadLetters(String name, DeadLetterQuery query) {
        ConsumerGroupId group = find(name).subscription().group();
        return asked(() -> deadLetters.page(group, query));
    }

    @Override
    public ReplayStarted replay(String name, ReplayRequest request, String by) {
        ConsumerGroupId group = find(name).subscription().group();
        return asked(() -> replays.start(group, request, by));
    }

    private RunningSubscription<?> find(String name) {
        RunningSubscription<?> found = starter.subscriptions().get(name);
        if (found == null) {
            throw new NoSuchConsumer(List.copyOf(starter.subscriptions().keySet()));
        }
        return found;
    }

    private static void asking(Runnable question) {
        asked(() -> {
            question.run();
            return true;
        });
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (KafkaException e) {
            throw new Unreachable(e);
        }
    }

    private <E> ConsumerView view(RunningSubscription<E> running, List<Member> members) {
        Subscription<E> subscription = running.subscription();
        RunningSubscription.Words words = running.words();
        Control control = controls.current(subscription.name());
        Handling<E> handling = running.handling();
        Look look = handling == null ? Look.NOTHING : handling.ask(() -> look(handling, running.meters()));
        return new ConsumerView(
                instance,
                subscription.name(),
                words.state(),
                words.reason(),
                subscription.group().value(),
                running.joined().value(),
                subscription.topic(),
                look.held,
                running.settings().bounds().maxHeld(),
                look.heldMost,
                look.inFlight,
                look.maxInFlight,
                control.perSecond(),
                look.partitions.stream()
                        .mapToLong(each -> each.lag() == null ? 0 : each.lag())
                        .sum(),
                look.replayedIfKilled,
                members,
                look.partitions,
                look.topKeys,
                look.stuckCalls,
                replays.view(subscription.group()),
                look.hot);
    }

    private static Look look(Handling<?> handling, ConsumeMeters meters) {
        Engine<?> engine = handling.engine();
        return new Look(
                engine.held(),
                engine.heldMost(),
                engine.inFlight(),
                engine.maxInFlight(),
                engine.handledAgainIfKilled(),
                engine.sources().stream()
                        .sorted(Comparator.comparing(Source::topic).thenComparingInt(Source::partition))
                        .map(each -> partition(handling, meters, each))
                        .toList(),
                engine.longest(TOP_KEYS).stream()
                        .map(each -> new TopKey(hash(each.key()), each.queued()))
                        .toList(),
                engine.closed().stream().map(each -> stuck(handling, each)).toList(),
                handling.hot());
    }

    private static PartitionView partition(Handling<?> handling, ConsumeMeters meters, Source source) {
        Engine.PartitionLook look = handling.engine().look(source);
        if (look == null) {
            throw new IllegalStateException(source + " is not ours");
        }
        OptionalLong lag = meters.lag(source);
        Engine.HolderLook holder = look.holder();
        return new PartitionView(
                source.topic(),
                source.partition(),
                look.frontier(),
                look.position(),
                lag.isPresent() ? lag.getAsLong() : null,
                look.held(),
                look.notFetched(),
                holder == null
                        ? null
                        : new Holder(
                                holder.offset(),
                                hash(holder.key()),
                                handling.secondsSince(holder.receivedAt()),
                                holder.attempts(),
                                holder.stage(),
                                holder.lastError(),
                                stack(holder.thread())));
    }

    private static StuckCall stuck(Handling<?> handling, Call<?> call) {
        Held<?> first = call.records().getFirst();
        return new StuckCall(
                first.source().partition(),
                first.offset(),
                hash(first.key()),
                handling.secondsSince(call.startedAt()),
                stack(call.thread()));
    }

    /** The key of a lane is what the shell made of it. */
    private static String hash(@Nullable Object key) {
        if (key instanceof LaneKey lane) {
            return KeyHash.of(lane.bytes());
        }
        return KeyHash.of(key == null ? null : key.toString().getBytes(UTF_8));
    }

    private static List<String> stack(@Nullable Thread thread) {
        return thread == null
                ? List.of()
                : Arrays.stream(thread.getStackTrace())
                        .limit(STACK)
                        .map(StackTraceElement::toString)
                        .toList();
    }

    private record Look(
            int held,
            int heldMost,
            int inFlight,
            int maxInFlight,
            long replayedIfKilled,
            List<PartitionView> partitions,
            List<TopKey> topKeys,
            List<StuckCall> stuckCalls,
            List<HotKey> hot) {
        private static final Look NOTHING = new Look(0, 0, 0, 0, 0, List.of(), List.of(), List.of(), List.of());
    }
}
