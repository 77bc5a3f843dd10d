package mallstream.kafka.consume.sim;

import static mallstream.kafka.consume.sim.Timeline.MS;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mallstream.kafka.consume.core.Source;
import mallstream.kafka.consume.sim.Script.Trouble;
import org.jspecify.annotations.Nullable;

/**
 * One life of a subscription. For a while everything goes wrong that the {@link Script} has; then the faults stop, and within
 * a bound of virtual time everything must be handled and committed.
 */
public final class Simulation {
    private static final long MOST_AFTER_FAULTS = 300_000 * MS;

    final Script script;
    final SplittableRandom random;
    final Timeline timeline;
    final Group group;
    boolean databaseAway;
    boolean deadLettersAway;

    private final Map<Source, Log> logs = new LinkedHashMap<>();
    private final List<Member> members = new ArrayList<>();
    private final Set<String> split = new HashSet<>();
    private final List<Runnable> whenHealed = new ArrayList<>();
    private final @Nullable Consumer<String> trace;
    private int born;
    private boolean healed;
    private boolean rewinding;

    private Simulation(long seed, @Nullable Consumer<String> trace) {
        this.trace = trace;
        random = new SplittableRandom(seed);
        script = new Script(random);
        timeline = new Timeline(script.start, this::check);
        for (Source each : script.sources) {
            logs.put(each, new Log(each, script.firstOffset));
        }
        group = new Group(script.style, script.sources, random.split());
    }

    /**
     * Runs one seed without a trace.
     *
     * @param seed decides everything
     * @return what did not hold; null: all held
     */
    public static @Nullable String run(long seed) {
        return run(seed, null);
    }

    /**
     * Runs one seed.
     *
     * @param seed decides everything
     * @param trace is told what happens; null: nobody
     * @return what did not hold; null: all held
     */
    static @Nullable String run(long seed, @Nullable Consumer<String> trace) {
        Simulation simulation = new Simulation(seed, trace);
        try {
            simulation.run();
            return null;
        } catch (Broken e) {
            return simulation.at() + e.getMessage();
        } catch (RuntimeException e) {
            return simulation.at() + e + " at " + List.of(e.getStackTrace());
        }
    }

    private String at() {
        return String.format("after %.3f ms: ", (timeline.now() - script.start) / 1e6);
    }

    private void run() {
        say("script", script);
        produce();
        for (int i = 0; i < script.members; i++) {
            timeline.in(random.nextLong(script.faultsFor / 4), this::birth);
        }
        new Faults(this).plan();
        // Operators go on with it when nothing else goes wrong any more.
        for (int i = 0; i < script.switches; i++) {
            timeline.in(random.nextLong(script.faultsFor * 3 / 2), this::switchLanes);
        }
        timeline.pass(script.faultsFor, () -> false);
        heal();
        timeline.pass(MOST_AFTER_FAULTS, this::complete);
        Broken.unless(complete(), "it does not come to an end: ", remainder());
        // What is done is done: now nothing may come any more, and nothing may be left anywhere.
        timeline.pass(200 * MS, () -> false);
        members().forEach(Member::checkEmpty);
        Broken.unless(done(), "it was complete and did not stay so: ", remainder());
    }

    // The topic.

    private void produce() {
        boolean before = random.nextBoolean();
        long over = before ? 1 : script.faultsFor;
        for (int i = 0; i < script.records; i++) {
            timeline.in(random.nextLong(over), this::append);
        }
    }

    private void append() {
        @Nullable String key = random.nextDouble() < script.keyless ? null : "k" + random.nextInt(script.keys);
        int number = key == null || script.keysCrossPartitions ? random.nextInt(1000) : key.hashCode();
        Log log = log(script.sources.get(number % script.sources.size()));
        Fate fate = random.nextDouble() < script.spoilt
                ? Script.pick(script.fates.toArray(new Fate[0]), random)
                : Fate.FINE;
        int times = random.nextInt(3) == 0 ? Integer.MAX_VALUE : random.nextInt(1, 4);
        if (fate == Fate.HANGS || fate == Fate.DEAF || fate == Fate.OVERRUNS) {
            times = random.nextInt(1, 3);
        }
        int bytes = script.bytes(random);
        log.end += random.nextDouble() < script.holes ? random.nextInt(1, 40) : 0;
        String part = "o" + random.nextInt(script.parts);
        log.entries.add(new Entry(log.source, log.entries.size(), log.end, key, part, bytes, fate, times));
        log.end++;
        log.end += random.nextDouble() < script.holes ? 1 : 0;
        members.forEach(Member::recordsCame);
    }

    /** The lane of a key is split, or joined again, for whatever is received from now on. */
    private void switchLanes() {
        String key = "k" + random.nextInt(script.keys);
        if (!split.remove(key)) {
            split.add(key);
        }
        say(key, split.contains(key) ? "is split" : "is one lane");
    }

    /** Whether the lane of a key is split now. */
    boolean split(@Nullable String key) {
        return key != null && split.contains(key);
    }

    Log log(Source source) {
        Log log = logs.get(source);
        if (log == null) {
            throw new Broken("there is no " + source);
        }
        return log;
    }

    Iterable<Log> logs() {
        return logs.values();
    }

    private boolean complete() {
        return done() && !rewinding && members.stream().allMatch(Member::idle);
    }

    /** Whether everything was handled, and is committed. */
    private boolean done() {
        for (Log log : logs.values()) {
            if (log.committed != log.end || !log.entries.stream().allMatch(Entry::safe)) {
                return false;
            }
        }
        return true;
    }

    private String remainder() {
        StringBuilder remainder = new StringBuilder();
        for (Log log : logs.values()) {
            List<Entry> open = log.entries.stream().filter(each -> !each.safe()).toList();
            if (log.committed != log.end || !open.isEmpty()) {
                remainder
                        .append(log.source)
                        .append(" is committed up to ")
                        .append(log.committed)
                        .append(" of ")
                        .append(log.end)
                        .append(", unhandled ")
                        .append(open)
                        .append("; ");
            }
        }
        members.stream()
                .filter(each -> !each.idle())
                .forEach(each -> remainder.append(each).append(" is busy; "));
        return remainder.toString();
    }

    // The members.

    void birth() {
        if (!rewinding) {
            Member member = new Member(this, ++born);
            say(member, "starts");
            members.add(member);
        }
    }

    /** Those that live now. */
    List<Member> members() {
        members.removeIf(Member::dead);
        return List.copyOf(members);
    }

    /** Stops everybody, does what may be done to an empty group only, and starts as many again. */
    void whileEmpty(Runnable what) {
        if (rewinding) {
            return;
        }
        rewinding = true;
        int many = Math.max(1, members().size());
        members().forEach(Member::stop);
        onceEmpty(() -> {
            what.run();
            rewinding = false;
            for (int i = 0; i < many; i++) {
                birth();
            }
        });
    }

    private void onceEmpty(Runnable what) {
        if (group.empty() && members().isEmpty()) {
            what.run();
        } else {
            timeline.in(10 * MS, () -> onceEmpty(what));
        }
    }

    // The weather.

    /** Whether this kind of trouble is about now. */
    boolean trouble(Trouble trouble) {
        return !healed && script.has(trouble);
    }

    boolean healed() {
        return healed;
    }

    void whenHealed(Runnable what) {
        if (healed) {
            what.run();
        } else {
            whenHealed.add(what);
        }
    }

    private void heal() {
        say("world", "heals");
        healed = true;
        databaseAway = false;
        deadLettersAway = false;
        for (Member each : members()) {
            each.pause(false);
            each.limits(null, null);
        }
        if (members().isEmpty()) {
            birth();
        }
        whenHealed.forEach(Runnable::run);
    }

    private void check() {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).check();
        }
    }

    void say(Object who, @Nullable Object... parts) {
        if (trace != null) {
            trace.accept(at() + who + " " + join(parts));
        }
    }

    static String join(@Nullable Object... parts) {
        return Stream.of(parts).map(String::valueOf).collect(Collectors.joining());
    }
}
