package mallstream.kafka.consume.sim;

import static mallstream.kafka.consume.sim.Timeline.MS;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import mallstream.kafka.consume.core.Budget;
import mallstream.kafka.consume.core.Engine;
import mallstream.kafka.consume.core.Loop;
import mallstream.kafka.consume.core.Progress;
import mallstream.kafka.consume.core.Source;
import mallstream.kafka.consume.core.Split;
import org.jspecify.annotations.Nullable;

/**
 * A process with the real engine and the real loop, from its start to its end. A turn of the loop takes no time: a poll
 * that finds nothing returns at once, and the next turn comes when the poll would have ended. Only now and then a poll lets
 * time pass inside of the turn, and the drain of a revocation always does.
 */
final class Member implements Loop.Client<Delivery>, Loop.Idle {
    static final String OWNER = "shop:member.coupon";

    private static final int MOST_RESTLESS = 50;

    private final Simulation world;
    private final String name;
    final Engine<Delivery> engine;
    private Loop<Delivery> loop;
    private final ReentrantLock lock = new ReentrantLock();
    private final Budget budget;
    private final Budget.Part part;
    private final long mostBytes;
    private final long drain;
    private final Handlers handlers;

    private final Map<Source, Epoch> owned = new LinkedHashMap<>();
    private final List<Epoch> epochs = new ArrayList<>();
    private final Deque<Request> onTheWay = new ArrayDeque<>();
    private final List<Request> answered = new ArrayList<>();

    private boolean dead;
    private boolean stopping;
    private boolean rejoining;
    private boolean moving;
    /** So many calls of the client are left until it fails; 0: it does not. */
    private int failsAfter;

    private boolean turning;
    private boolean revoking;
    private boolean told;
    private List<Epoch> leaving = List.of();
    private List<Delivery> lingering = List.of();
    private long leavingSince;
    boolean paused;
    private boolean limited;

    private int turns;
    private int restless;
    private boolean fetched;
    private boolean wakesWhenTold;
    private boolean wakesForRecords;
    private long sleep;

    Member(Simulation world, int number) {
        this.world = world;
        this.name = "m" + number;
        Script script = world.script;
        budget = new Budget(script.budget, script.sharers);
        part = budget.join();
        handlers = new Handlers(world, this);
        drain = script.bounds.drain().toNanos();
        // The part of its own and the pool that is shared, and a record that passes alone though it is too large.
        long oversize = Math.max(0, (script.oversize ? Script.OVERSIZE : script.mostBytes) - budget.fetch());
        mostBytes = budget.fetch() + script.budget / 3 + oversize;
        engine = new Engine<>(
                script.bounds,
                script.parties,
                source -> source.topic().equals(Script.REPLAY),
                part,
                OWNER,
                handlers,
                new SplittableRandom(world.random.nextLong()));
        loop = join();
    }

    private Loop<Delivery> join() {
        nextTurn(world.random.nextLong(5 * MS));
        return new Loop<>(engine, this, this, lock, world.timeline::now, world.script.commitEvery, drain);
    }

    // Life and death.

    boolean dead() {
        return dead;
    }

    /** The process ends without a word; the group finds out later. */
    void kill() {
        if (!dead) {
            say("dies");
            dead = true;
            world.timeline.in(world.random.nextLong(20, 200) * MS, () -> world.group.remove(this));
        }
    }

    void stop() {
        stopping = true;
        rejoining = false;
        nextTurn(0);
    }

    /** The client fails, in the middle of a poll, or this member moves; then the engine goes on with another loop. */
    void rejoin() {
        if (stopping) {
            return;
        }
        if (world.random.nextBoolean()) {
            stop();
            rejoining = true;
        } else {
            failsAfter = world.random.nextInt(1, 4);
        }
    }

    private void maybeFail() {
        if (failsAfter > 0 && --failsAfter == 0) {
            say("has a client that fails");
            throw new ClientFailed();
        }
    }

    private void left(long before) {
        owned.values().forEach(each -> each.state = Epoch.State.GONE);
        owned.clear();
        // Whoever closes a client hears nothing of its commits.
        onTheWay.forEach(each -> each.whenAnswered = arrived -> {});
        answered.clear();
        world.group.remove(this);
        world.timeline.in(before, () -> {
            if (!dead) {
                turning = false;
                loop = join();
            }
        });
    }

    /** An operator moves some of its partitions, before the next turn. */
    void move() {
        moving = true;
    }

    private void moveNow() {
        moving = false;
        Map<Source, Progress> starts = new LinkedHashMap<>();
        for (Source each : List.copyOf(owned.keySet())) {
            Log log = world.log(each);
            if (world.random.nextBoolean() && !log.entries.isEmpty()) {
                long offset = world.random.nextInt(4) == 0
                        ? log.end
                        : log.entries.get(world.random.nextInt(log.entries.size())).offset;
                log.skip(offset);
                epoch(each).state = Epoch.State.GONE;
                starts.put(each, begin(log, Progress.at(offset), true));
            }
        }
        say("is moved to ", starts);
        loop.moved(starts);
    }

    private Progress begin(Log log, Progress start, boolean moved) {
        Epoch epoch = new Epoch(log, start, moved);
        owned.put(log.source, epoch);
        epochs.add(epoch);
        return start;
    }

    private void nextTurn(long after) {
        int number = ++turns;
        world.timeline.in(after, () -> {
            if (number == turns && !turning && !dead) {
                turn();
            }
        });
    }

    private void turn() {
        turning = true;
        sleep = 0;
        fetched = false;
        wakesWhenTold = false;
        wakesForRecords = false;
        try {
            if (stopping) {
                say("stops");
                giveAway(List.copyOf(owned.keySet()), loop::stop);
                say("has stopped");
                if (rejoining) {
                    rejoining = false;
                    stopping = false;
                    left(0);
                } else {
                    dead = true;
                    world.group.remove(this);
                }
                return;
            }
            if (moving) {
                moveNow();
            }
            loop.turn();
            turning = false;
            judgeRest();
            nextTurn(Math.max(sleep, world.random.nextLong(20_000, 400_000)));
        } catch (ClientFailed e) {
            revoking = false;
            owned.values().forEach(each -> each.state = Epoch.State.GONE);
            loop.lost(engine.sources());
            tell(engine::polled);
            left(world.random.nextLong(50 * MS));
        } catch (Killed e) {
            Broken.unless(dead, "the poll loop of ", name, " has died by itself");
        }
    }

    /** A turn in which nothing happens has to be followed by a rest, or the loop burns a processor. */
    private void judgeRest() {
        if (sleep > 0 || fetched) {
            restless = 0;
            return;
        }
        restless++;
        Broken.unless(restless < MOST_RESTLESS, name, "'s loop turns and turns with nothing to do");
    }

    // What others tell the engine.

    void pause(boolean wanted) {
        if (!dead) {
            say(wanted ? "is paused" : "goes on");
            paused = wanted;
            tell(() -> engine.pause(wanted, world.timeline.now()));
        }
    }

    void limits(@Nullable Integer calls, @Nullable Integer perSecond) {
        if (!dead) {
            say("may make ", calls, " calls of ", perSecond, " records a second");
            limited = perSecond != null;
            tell(() -> engine.limits(calls, perSecond, world.timeline.now()));
        }
    }

    /** Tells the engine something, as a handler's thread would. */
    void tell(Runnable what) {
        lock.lock();
        try {
            what.run();
        } finally {
            lock.unlock();
        }
        told = true;
        restless = 0;
        if (wakesWhenTold) {
            wakesWhenTold = false;
            nextTurn(0);
        }
    }

    /** Records came to a topic that it may be waiting at. */
    void recordsCame() {
        if (wakesForRecords) {
            wakesForRecords = false;
            nextTurn(0);
        }
    }

    // The loop's client.

    private void outsideOfTheLock() {
        Broken.unless(!lock.isHeldByCurrentThread(), name, " uses its client under the lock");
    }

    private void pass(long nanos, BooleanSupplier enough) {
        outsideOfTheLock();
        world.timeline.pass(nanos, enough);
        if (dead) {
            throw new Killed();
        }
    }

    @Override
    public void fetchOnly(Set<Source> sources) {
        outsideOfTheLock();
        owned.forEach((source, epoch) -> epoch.rests = !sources.contains(source));
    }

    @Override
    public Loop.Fetched<Delivery> poll(long nanos) {
        outsideOfTheLock();
        boolean pausedBefore = paused;
        maybeFail();
        answer();
        world.group.poll(this);
        int most = engine.pollRecords();
        if (nanos > 0 && !anything() && world.random.nextInt(16) == 0) {
            pass(Math.min(nanos, world.random.nextLong(4 * MS)), this::anything);
        }
        List<Delivery> records = new ArrayList<>();
        Map<Source, Long> positions = new LinkedHashMap<>();
        fetch(most, records, positions);
        Broken.unless(records.isEmpty() || !pausedBefore, name, " was paused and has fetched ", records);
        if (records.isEmpty()) {
            sleep = nanos;
            wakesForRecords = true;
        }
        return intake -> {
            for (Delivery each : records) {
                intake.record(each.epoch.log.source, each.entry.offset, each.entry.bytes, laneOf(each), each);
            }
            positions.forEach(intake::position);
        };
    }

    private boolean anything() {
        return owned.values().stream().anyMatch(each -> !each.rests && each.position < each.log.end);
    }

    private void fetch(int most, List<Delivery> records, Map<Source, Long> positions) {
        long room = budget.fetch();
        List<Epoch> order = new ArrayList<>(owned.values());
        Collections.shuffle(order, Random.from(world.random));
        for (Epoch epoch : order) {
            if (epoch.rests || epoch.position >= epoch.log.end) {
                continue;
            }
            List<Entry> entries = epoch.log.entries;
            int next = epoch.log.from(epoch.position);
            while (next < entries.size() && records.size() < most) {
                Entry entry = entries.get(next);
                if (!entry.gone) {
                    if (entry.bytes > room && !records.isEmpty()) {
                        break;
                    }
                    room -= entry.bytes;
                    records.add(deliver(epoch, entry));
                }
                epoch.position = entry.offset + 1;
                next++;
            }
            if (next == entries.size() && world.random.nextBoolean()) {
                epoch.position = epoch.log.end;
            }
            positions.put(epoch.log.source, epoch.position);
        }
        fetched = !records.isEmpty();
        if (fetched) {
            say("fetches ", records);
        }
    }

    private Delivery deliver(Epoch epoch, Entry entry) {
        Delivery delivery = epoch.deliver(entry, world.split(entry.key));
        if (!Log.covers(epoch.start, entry.offset)) {
            handlers.receives(delivery);
        }
        return delivery;
    }

    private @Nullable Object laneOf(Delivery delivery) {
        String key = delivery.entry.key;
        if (key == null || world.script.switches == 0) {
            return key;
        }
        return new Split(key, delivery.split ? delivery.entry.part : null);
    }

    @Override
    public void await(long nanos) {
        if (revoking) {
            flushed();
            Broken.unless(
                    world.timeline.now() + nanos <= leavingSince + drain || nanos <= 0,
                    name,
                    " waits beyond its budget");
            pass(nanos, () -> told);
        } else {
            // The last thing of a turn: instead of waiting here the next turn comes later.
            sleep = told ? 0 : nanos;
            wakesWhenTold = true;
            wakesForRecords = false;
        }
        told = false;
    }

    @Override
    public Map<Source, Progress> starts(Collection<Source> sources) {
        outsideOfTheLock();
        maybeFail();
        Map<Source, Progress> starts = new LinkedHashMap<>();
        for (Source source : sources) {
            Log log = world.log(source);
            Progress start = Progress.parse(log.committed, log.metadata, OWNER);
            Broken.unless(!owned.containsKey(source), source, " is assigned twice");
            starts.put(source, begin(log, start, false));
            say("gets ", source, ", ", start);
        }
        return starts;
    }

    // What the group wants, inside of a poll.

    void assigned(Set<Source> sources) {
        loop.assigned(sources);
    }

    void revoked(Set<Source> sources) {
        say("has to give ", sources);
        giveAway(sources, () -> loop.revoked(sources));
    }

    /** Flush, drain, commit, let go: in that order, and within the budget. */
    private void giveAway(Collection<Source> sources, Runnable how) {
        List<Epoch> going = sources.stream().map(this::epoch).toList();
        expectFlush(going);
        leavingSince = world.timeline.now();
        for (Epoch each : going) {
            each.state = Epoch.State.LEAVING;
            each.leavingSince = leavingSince;
        }
        leaving = going;
        revoking = true;
        how.run();
        revoking = false;
        for (Epoch each : going) {
            each.state = Epoch.State.GONE;
            owned.remove(each.log.source);
            Broken.unless(each.committedWhatItHad(), each.log.source, " is given away and not committed");
        }
    }

    /** What lingers of the partitions, where a call for it may be made. */
    private void expectFlush(List<Epoch> going) {
        lingering = List.of();
        Script script = world.script;
        if (script.bounds.linger().isZero() || script.keysCrossPartitions || paused || limited) {
            return;
        }
        int queued = going.stream().mapToInt(each -> each.queued).sum();
        long bytes = going.stream().mapToLong(each -> each.queuedBytes).sum();
        boolean one = queued <= script.bounds.maxSize() && bytes <= script.bounds.maxBytes();
        int calls = script.bounds.oneKey() ? queued : 1;
        if (one && engine.outage() == null && engine.inFlight() + calls <= engine.maxInFlight()) {
            lingering = going.stream()
                    .flatMap(each -> each.lingering().stream())
                    .filter(each -> !handlers.waits(each))
                    .toList();
        }
    }

    private void flushed() {
        for (Delivery each : lingering) {
            Broken.unless(each.where != Delivery.Where.QUEUED, each, " lingered and is let go without a call");
        }
        lingering = List.of();
    }

    private void drained() {
        boolean working = leaving.stream().anyMatch(each -> each.working > 0);
        Broken.unless(
                !working || world.timeline.now() - leavingSince >= drain, name, " does not wait for its calls to end");
    }

    /** The group has gone on without it. */
    void lost() {
        Set<Source> all = new LinkedHashSet<>(owned.keySet());
        if (!all.isEmpty()) {
            say("has lost ", all);
            owned.values().forEach(each -> each.state = Epoch.State.GONE);
            owned.clear();
            loop.lost(all);
        }
    }

    private Epoch epoch(Source source) {
        Epoch epoch = owned.get(source);
        if (epoch == null) {
            throw new Broken(name + " does not own " + source);
        }
        return epoch;
    }

    // Commits.

    @Override
    public void commit(Map<Source, Progress> progress, Consumer<Boolean> arrived) {
        outsideOfTheLock();
        if (world.trouble(Script.Trouble.COMMITS) && world.random.nextInt(8) == 0) {
            arrived.accept(false);
            return;
        }
        Request request = request(progress, arrived);
        boolean late = world.trouble(Script.Trouble.COMMITS) && world.random.nextInt(4) == 0;
        world.timeline.in(world.random.nextLong(late ? 300 * MS : 2 * MS), () -> deliver(request));
    }

    @Override
    public void commitNow(Map<Source, Progress> progress) {
        outsideOfTheLock();
        flushed();
        drained();
        Request request = request(progress, arrived -> {});
        if (world.random.nextInt(4) == 0) {
            pass(world.random.nextLong(3 * MS), () -> false);
        }
        deliver(request);
        if (world.random.nextBoolean()) {
            answer();
        }
    }

    private Request request(Map<Source, Progress> progress, Consumer<Boolean> arrived) {
        say("commits ", progress);
        Map<Source, Epoch> of = new LinkedHashMap<>();
        progress.forEach((source, each) -> {
            epoch(source).submit(each, OWNER);
            of.put(source, epoch(source));
        });
        Request request = new Request(progress, of, world.group.fence(this), arrived);
        onTheWay.add(request);
        return request;
    }

    /** Requests of one connection arrive in their order. */
    private void deliver(Request request) {
        while (onTheWay.contains(request)) {
            Request first = onTheWay.remove();
            boolean trouble = world.trouble(Script.Trouble.COMMITS);
            boolean arrives = !(trouble && world.random.nextInt(3) == 0) && world.group.takes(this, first.fence);
            if (arrives) {
                first.progress.forEach((source, progress) -> world.log(source)
                        .commit(progress.frontier(), progress.metadata(OWNER), OWNER, first.epoch(source)));
            }
            first.arrived = arrives && !(trouble && world.random.nextInt(3) == 0);
            say("its commit ", (arrives ? "arrives" : "gets lost"), (first.arrived ? "" : ", it hears of a failure"));
            answered.add(first);
        }
    }

    private void answer() {
        List<Request> now = List.copyOf(answered);
        answered.clear();
        now.forEach(each -> each.whenAnswered.accept(each.arrived));
    }

    // What must hold all the time.

    void check() {
        if (dead || lock.isHeldByCurrentThread()) {
            return;
        }
        int held = 0;
        long bytes = 0;
        for (Epoch each : epochs) {
            held += each.held();
            bytes += each.heldBytes();
        }
        if (!revoking) {
            epochs.removeIf(each -> each.state == Epoch.State.GONE && each.working == 0);
        }
        if (engine.held() != held || part.held() != bytes) {
            throw new Broken(name + " holds " + held + " records of " + bytes + " bytes and says " + engine.held()
                    + " of " + part.held());
        }
        if (held > world.script.bounds.maxHeld() || bytes > mostBytes) {
            throw new Broken(name + " holds " + held + " records of " + bytes + " bytes");
        }
        if (engine.inFlight() != handlers.inFlight()) {
            throw new Broken(name + " has " + handlers.inFlight() + " calls and says " + engine.inFlight());
        }
    }

    /** Whether nothing is to come of it, until something new comes. */
    boolean idle() {
        boolean works = moving || engine.held() > 0 || handlers.inFlight() > 0;
        return dead
                || !(works
                        || !onTheWay.isEmpty()
                        || !answered.isEmpty()
                        || !engine.uncommitted().isEmpty());
    }

    /** Nothing is left of anything. */
    void checkEmpty() {
        check();
        Broken.unless(engine.held() == 0 && engine.inFlight() == 0, name, " still holds ", engine.held());
        Broken.unless(engine.longest(10).isEmpty(), name, " still has lanes ", engine.longest(10));
        Broken.unless(engine.closed().isEmpty(), name, " still has closed lanes");
    }

    void say(@Nullable Object... parts) {
        world.say(name, parts);
    }

    @Override
    public String toString() {
        return name;
    }

    /** A commit on its way to the broker, and its answer on the way back. */
    private static final class Request {
        final Map<Source, Progress> progress;
        private final Map<Source, Epoch> epochs;
        final int fence;
        Consumer<Boolean> whenAnswered;
        boolean arrived;

        Request(Map<Source, Progress> progress, Map<Source, Epoch> epochs, int fence, Consumer<Boolean> whenAnswered) {
            this.progress = progress;
            this.epochs = epochs;
            this.fence = fence;
            this.whenAnswered = whenAnswered;
        }

        Epoch epoch(Source source) {
            return Objects.requireNonNull(epochs.get(source));
        }
    }
}
