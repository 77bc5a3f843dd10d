package mallstream.kafka.consume.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the records of one subscription: which may be fetched, who is called when, what an answer means, what is
 * tried again, what can be committed. Times are nanoseconds of one clock that never goes back; whoever calls holds one
 * lock around all of it.
 *
 * @param <R> the records
 */
public final class Engine<R> {
    /** Kafka's own bound; more at once makes a poll no cheaper that is to be felt. */
    private static final int LARGEST_POLL = 500;

    private final Bounds bounds;
    private final Shares shares;
    private final Predicate<Source> replay;
    private final Slot replays = new Slot();
    private final Budget.Part budget;
    private final String owner;
    private final Effects<R> effects;
    private final RandomGenerator random;
    private final long linger;
    private final long timeout;

    private final Map<Source, Partition<R>> partitions = new HashMap<>();
    private final Map<Source, Slot> slots = new HashMap<>();
    private long epochs;
    private int held;
    private int heldMost;

    /** Also some that are empty: most keys come again, and a lane that is still there need not be made. */
    private final Map<Object, Lane<R>> lanes = new HashMap<>();

    private final int lanesKept;
    private int lanesMost;
    /** The keys whose lanes can be split and of which something is held. */
    private final Map<Object, Phases<R>> phases = new HashMap<>();
    /** Phases that may be worked on from now on, and of which nobody has told their lanes. */
    private final ArrayDeque<Phases.Phase<R>> opened = new ArrayDeque<>();

    private final ArrayDeque<Lane<R>> ready = new ArrayDeque<>();
    private int readyRecords;
    /** Lanes whose first record was in a call that failed as a whole: they are tried in ever smaller company. */
    private final ArrayDeque<Lane<R>> suspects = new ArrayDeque<>();

    private final PriorityQueue<Lane<R>> waiting = new PriorityQueue<>(
            Comparator.comparingLong((Lane<R> lane) -> headOf(lane).notBefore()));

    private long calls;
    private int inFlight;
    private final Calls<R> begun = new Calls<>();
    /** No call that has begun uses up its time before this. */
    private long timeoutsAt = Long.MAX_VALUE;

    private final Set<Call<R>> closed = new LinkedHashSet<>();

    private boolean paused;
    private int maxInFlight;
    private @Nullable Rate rate;

    private @Nullable HeavyHitters<Object> hitters;

    private int outages;
    private @Nullable Outage outage;
    /** Calls up to this number say nothing about whether the outage is over. */
    private long callsBeforeOutage;

    /**
     * @param bounds what it may use
     * @param parties how many share {@code maxHeld}
     * @param replay whether a partition is one of the replay topic; all of these are one party together
     * @param budget its part of the bytes of the JVM
     * @param owner who we are, for the length of the commit metadata
     * @param effects what it wants done
     * @param random spreads back-offs
     */
    public Engine(
            Bounds bounds,
            int parties,
            Predicate<Source> replay,
            Budget.Part budget,
            String owner,
            Effects<R> effects,
            RandomGenerator random) {
        this.bounds = bounds;
        this.shares = Shares.of(bounds.maxHeld(), parties, LARGEST_POLL);
        this.replay = replay;
        this.budget = budget;
        this.owner = owner;
        this.effects = effects;
        this.random = random;
        this.linger = bounds.linger().toNanos();
        this.timeout = bounds.callTimeout().toNanos();
        this.lanesKept = Math.max(100, bounds.maxHeld() / 4);
        this.lanesMost = lanesKept;
        this.maxInFlight = bounds.maxInFlight();
    }

    /** @param keys is told of each record and each call from now on, by key */
    public void count(HeavyHitters<Object> keys) {
        hitters = keys;
    }

    // Partitions come and go.

    /**
     * A partition was assigned: a new epoch of it begins.
     *
     * @param source the partition
     * @param start where it begins, and what is finished above that
     */
    public void assign(Source source, Progress start) {
        Slot slot = replay.test(source) ? replays : slots.computeIfAbsent(source, key -> new Slot());
        partitions.put(source, new Partition<>(source, ++epochs, slot, start));
    }

    /**
     * A partition is about to be taken away: what lingers is handled at once, the rest of its queue is let go, and calls
     * that run may end.
     */
    public void drain(Collection<Source> sources, long now) {
        for (Partition<R> each : known(sources)) {
            each.draining = true;
        }
        flushLingering(now);
        letGo(known(sources), now);
    }

    /** Whether nothing of these partitions is worked on any more. */
    public boolean drained(Collection<Source> sources) {
        return known(sources).stream().allMatch(each -> each.working == 0);
    }

    /** The partitions are no longer ours: whatever ends later for them counts for nothing. */
    public void release(Collection<Source> sources, long now) {
        List<Partition<R>> leaving = known(sources);
        for (Partition<R> each : leaving) {
            each.released = true;
            partitions.remove(each.source);
        }
        letGo(leaving, now);
        leaving.forEach(Partition::forget);
    }

    private List<Partition<R>> known(Collection<Source> sources) {
        List<Partition<R>> found = new ArrayList<>(sources.size());
        for (Source each : sources) {
            Partition<R> partition = partitions.get(each);
            if (partition != null) {
                found.add(partition);
            }
        }
        return found;
    }

    private void flushLingering(long now) {
        if (linger == 0 || !mayBegin(now)) {
            return;
        }
        ArrayDeque<Lane<R>> flushed = new ArrayDeque<>();
        ArrayDeque<Lane<R>> staying = new ArrayDeque<>();
        for (Lane<R> lane : ready) {
            (headOf(lane).partition.draining ? flushed : staying).add(lane);
        }
        ready.clear();
        ready.addAll(flushed);
        while (!ready.isEmpty() && mayBegin(now)) {
            begin(form(room(now)), now);
        }
        ready.addAll(staying);
    }

    /** Queued records of partitions that leave go out of memory; they stay unfinished, so nothing is committed past them. */
    private void letGo(List<Partition<R>> leaving, long now) {
        Set<Lane<R>> touched = new LinkedHashSet<>();
        for (Partition<R> partition : leaving) {
            for (Held<R> each = partition.first(); each != null; each = each.after) {
                if (each.stage == Held.Stage.QUEUED) {
                    gone(each);
                    touched.add(each.lane);
                }
            }
        }
        if (touched.isEmpty()) {
            return;
        }
        for (Lane<R> lane : touched) {
            lane.purge();
            if (lane.state != Lane.State.BUSY) {
                lane.state = Lane.State.IDLE;
            }
        }
        ready.removeIf(lane -> lane.state != Lane.State.READY);
        suspects.removeIf(lane -> lane.state != Lane.State.READY);
        waiting.removeIf(lane -> lane.state != Lane.State.WAITING);
        readyRecords = ready.stream().mapToInt(Lane::size).sum();
        for (Lane<R> lane : touched) {
            if (lane.state == Lane.State.IDLE) {
                schedule(lane, now);
            }
        }
        open(now);
    }

    // Records come in.

    /** Whether a poll may be made: it may bring as many records as {@link #pollRecords} and as many bytes as the fetch settings allow. */
    public boolean mayPoll() {
        return held + shares.step() <= bounds.maxHeld() && budget.reserve();
    }

    /** Most records that one poll may bring. */
    public int pollRecords() {
        return (int) shares.step();
    }

    /** The partitions of which a poll may bring records, bytes apart. */
    public Set<Source> fetchable() {
        Set<Source> may = new LinkedHashSet<>();
        long overdrawn = overdrawn();
        for (Partition<R> each : partitions.values()) {
            if (whyNotFetched(each, overdrawn) == null) {
                may.add(each.source);
            }
        }
        return may;
    }

    private long overdrawn() {
        long overdrawn = shares.overdrawn(replays.held);
        for (Slot each : slots.values()) {
            overdrawn += shares.overdrawn(each.held);
        }
        return overdrawn;
    }

    private @Nullable String whyNotFetched(Partition<R> partition, long overdrawn) {
        if (paused) {
            return "paused by an operator";
        }
        if (partition.draining) {
            return "is being given away";
        }
        if (!shares.allows(partition.slot.held, overdrawn)) {
            return "holds its share of max-held";
        }
        if (gapsFull(partition)) {
            return "the record at the frontier waits for too long: the commit metadata has no room for more gaps";
        }
        return null;
    }

    private boolean gapsFull(Partition<R> partition) {
        return !Progress.fits(partition.span() + shares.step(), partition.unfinished() + shares.step(), owner);
    }

    /**
     * A record was received.
     *
     * @param source its partition
     * @param offset its offset
     * @param bytes what it takes in memory
     * @param key whose records are handled in order and one after the other, or a {@link Split}; null: none other's
     * @param record the record
     * @param now the time
     */
    public void received(Source source, long offset, int bytes, @Nullable Object key, R record, long now) {
        Partition<R> partition = partitions.get(source);
        if (partition != null) {
            received(partition, offset, bytes, key, record, now);
        }
    }

    /** The partition as it is assigned now; null: it is not ours. */
    @Nullable
    Partition<R> partition(Source source) {
        return partitions.get(source);
    }

    /** As the other one, for whoever has looked for the partition already. */
    void received(Partition<R> partition, long offset, int bytes, @Nullable Object key, R record, long now) {
        if (offset < partition.position()) {
            return;
        }
        partition.position(offset + 1);
        if (partition.finishedBefore(offset)) {
            return;
        }
        Lane<R> lane = laneOf(key);
        Held<R> entry = new Held<>(partition, offset, bytes, record, lane, now);
        partition.append(entry);
        partition.slot.held++;
        held++;
        heldMost = Math.max(heldMost, held);
        budget.add(bytes);
        if (lane.phase != null) {
            lane.phase.held++;
        }
        if (hitters != null) {
            hitters.received(lane.key, now);
        }
        lane.addLast(entry);
        if (lane.state == Lane.State.IDLE) {
            schedule(lane, now);
        } else if (lane.state == Lane.State.READY && !headOf(lane).suspect()) {
            readyRecords++;
        }
    }

    private Lane<R> laneOf(@Nullable Object key) {
        if (key == null) {
            return new Lane<>(null);
        }
        if (key instanceof Split split) {
            return phases.computeIfAbsent(split.key(), Phases::new).lane(split.part());
        }
        return lane(key);
    }

    private Lane<R> lane(Object key) {
        Lane<R> lane = lanes.get(key);
        if (lane == null) {
            if (lanes.size() >= lanesMost) {
                lanes.values().removeIf(each -> each.state == Lane.State.IDLE);
                // Where most of them were at work, the next look is made when there are twice as many.
                lanesMost = Math.max(lanesKept, 2 * lanes.size());
            }
            lane = new Lane<>(key);
            lanes.put(key, lane);
        }
        return lane;
    }

    /** Everything below the offset was received, or never existed: transaction markers and compacted records have offsets too. */
    public void position(Source source, long next) {
        Partition<R> partition = partitions.get(source);
        if (partition != null) {
            partition.position(next);
        }
    }

    /** The poll is over and its records are in. */
    public void polled() {
        budget.polled();
    }

    // Lanes and calls.

    /** Puts a lane that nobody works on where it belongs now. */
    private void schedule(Lane<R> lane, long now) {
        Held<R> head = lane.head();
        lane.state = Lane.State.IDLE;
        lane.call = null;
        if (head == null) {
            if (lane.phase != null) {
                lane.phase.forget(lane);
            } else if (lane.key != null && lanes.size() > lanesKept) {
                lanes.remove(lane.key, lane);
            }
            return;
        }
        if (lane.blocked()) {
            lane.state = Lane.State.BLOCKED;
            return;
        }
        Doom doom = head.doom();
        if (head.notBefore() > now) {
            lane.state = Lane.State.WAITING;
            waiting.add(lane);
        } else if (doom != null) {
            lane.removeFirst();
            lane.state = Lane.State.BUSY;
            head.stage = Held.Stage.BURYING;
            head.partition.working++;
            effects.bury(head, doom);
        } else {
            lane.state = Lane.State.READY;
            // A record that comes again has waited already and does not linger.
            boolean again = head.again();
            lane.readySince = again ? now - linger : now;
            if (head.suspect()) {
                suspects.add(lane);
            } else if (again) {
                ready.addFirst(lane);
                readyRecords += lane.size();
            } else {
                ready.addLast(lane);
                readyRecords += lane.size();
            }
        }
    }

    /** The lanes of phases that may be worked on from now on go where they belong. */
    private void open(long now) {
        Phases.Phase<R> phase = opened.poll();
        while (phase != null) {
            for (Lane<R> lane : phase.lanes()) {
                if (lane.state == Lane.State.BLOCKED) {
                    schedule(lane, now);
                }
            }
            phase = opened.poll();
        }
    }

    /** Does what is due: retries, timeouts, calls. To be called after whatever changes something, and by {@link #next}. */
    public void tick(long now) {
        open(now);
        Lane<R> due = waiting.peek();
        while (due != null && headOf(due).notBefore() <= now) {
            waiting.remove();
            schedule(due, now);
            due = waiting.peek();
        }
        interruptAndClose(now);
        while (mayBegin(now)) {
            Call<R> call;
            if (!suspects.isEmpty()) {
                call = formOfSuspects(room(now));
            } else if (enough(now)) {
                call = form(room(now));
            } else {
                break;
            }
            begin(call, now);
        }
    }

    /** When something is due next; {@link Long#MAX_VALUE}: when something comes in. */
    public long next(long now) {
        long next = waiting.isEmpty() ? Long.MAX_VALUE : headOf(waiting.peek()).notBefore();
        if (!begun.isEmpty()) {
            next = Math.min(next, timeoutsAt);
        }
        // What is due already waits for a call to end, and then nobody needs to be woken for it.
        if (outage != null && outage.until > now) {
            next = Math.min(next, outage.until);
        }
        Lane<R> oldest = ready.peek();
        if (oldest != null && oldest.readySince + linger > now) {
            next = Math.min(next, oldest.readySince + linger);
        }
        if (rate != null && rate.permits(now) == 0) {
            next = Math.min(next, rate.next(now));
        }
        return next;
    }

    private boolean mayBegin(long now) {
        Outage away = outage;
        // While the infrastructure is away one call at a time finds out whether it is back.
        boolean open = away == null || (now >= away.until && inFlight == 0);
        return open && !paused && inFlight < maxInFlight && (rate == null || rate.permits(now) > 0);
    }

    private int room(long now) {
        return rate == null ? bounds.maxSize() : Math.min(bounds.maxSize(), rate.permits(now));
    }

    private boolean enough(long now) {
        Lane<R> oldest = ready.peek();
        return oldest != null && (linger == 0 || readyRecords >= bounds.maxSize() || now - oldest.readySince >= linger);
    }

    /**
     * A call of the lanes that are ready for longest. Each gets an equal share first, so that a hot key takes no more than
     * the others leave; what they leave goes to whoever has more.
     */
    private Call<R> form(int room) {
        if (room == 1) {
            return formOfOne();
        }
        int count = bounds.oneKey() ? 1 : Math.min(ready.size(), room);
        List<Lane<R>> chosen = new ArrayList<>(count);
        int left = room;
        for (int i = 0; i < count; i++) {
            Lane<R> lane = ready.remove();
            readyRecords -= lane.size();
            lane.quota = Math.min(lane.size(), room / count);
            left -= lane.quota;
            chosen.add(lane);
        }
        List<Held<R>> taken = new ArrayList<>(room - left);
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            Lane<R> lane = chosen.get(i);
            int more = Math.min(left, lane.size() - lane.quota);
            left -= more;
            for (int n = 0; n < lane.quota + more; n++) {
                Held<R> head = headOf(lane);
                // Behind a failed record there may be some that it left unreached: they keep to themselves.
                if (head.suspect()) {
                    break;
                }
                if (!taken.isEmpty() && bytes + head.bytes > bounds.maxBytes()) {
                    if (n == 0) {
                        putBack(chosen.subList(i, count));
                        return new Call<>(++calls, taken);
                    }
                    break;
                }
                bytes += head.bytes;
                take(lane, taken);
            }
        }
        return new Call<>(++calls, taken);
    }

    private Call<R> formOfOne() {
        Lane<R> lane = ready.remove();
        readyRecords -= lane.size();
        Held<R> head = headOf(lane);
        take(lane, head);
        return new Call<>(++calls, List.of(head));
    }

    private void putBack(List<Lane<R>> lanesInOrder) {
        for (int i = lanesInOrder.size() - 1; i >= 0; i--) {
            ready.addFirst(lanesInOrder.get(i));
            readyRecords += lanesInOrder.get(i).size();
        }
    }

    /** Suspects keep to themselves: a record that was never in a failed call is not drawn into the next one. */
    private Call<R> formOfSuspects(int most) {
        List<Held<R>> taken = new ArrayList<>();
        int room = most;
        long bytes = 0;
        Lane<R> lane = suspects.peek();
        while (lane != null
                && (taken.isEmpty() || !bounds.oneKey())
                && joins(headOf(lane), taken.size(), room, bytes)) {
            suspects.remove();
            Held<R> head = lane.head();
            while (head != null && joins(head, taken.size(), room, bytes)) {
                room = Math.min(room, head.company());
                bytes += head.bytes;
                take(lane, taken);
                head = lane.head();
            }
            lane = suspects.peek();
        }
        return new Call<>(++calls, taken);
    }

    private boolean joins(Held<R> suspect, int others, int room, long bytes) {
        return suspect.suspect()
                && others < Math.min(room, suspect.company())
                && (others == 0 || bytes + suspect.bytes <= bounds.maxBytes());
    }

    private void take(Lane<R> lane, List<Held<R>> taken) {
        Held<R> head = headOf(lane);
        take(lane, head);
        taken.add(head);
    }

    private void take(Lane<R> lane, Held<R> head) {
        lane.removeFirst();
        lane.state = Lane.State.BUSY;
        head.stage = Held.Stage.RUNNING;
        head.partition.working++;
    }

    private void begin(Call<R> call, long now) {
        inFlight++;
        if (rate != null) {
            rate.take(call.records().size());
        }
        for (int i = 0; i < call.records().size(); i++) {
            call.records().get(i).lane.call = call;
        }
        if (hitters != null) {
            count(call, hitters, now);
        }
        begun.add(call);
        timeoutsAt = Math.min(timeoutsAt, now + timeout);
        effects.begin(call);
    }

    /** What comes again after a failure has waited for something else than its turn. */
    private void count(Call<R> call, HeavyHitters<Object> keys, long now) {
        for (Held<R> each : call.records()) {
            if (each.company() == Held.ANY_COMPANY && !each.again()) {
                keys.began(each.lane.key, now - each.receivedAt, now);
            }
        }
    }

    // What comes of calls.

    /**
     * Looks at all calls, but seldom: when the earliest of them that was there at the last look may have used up its time. A
     * list in the order of starts would tell it at once, and each start would have to take the lock for it.
     */
    private void interruptAndClose(long now) {
        if (now < timeoutsAt) {
            return;
        }
        long grace = bounds.grace().toNanos();
        // A call that starts after this look has its whole time before it.
        timeoutsAt = now + timeout;
        Call<R> following;
        for (Call<R> call = begun.first(); call != null; call = following) {
            following = call.after;
            // Who has answered has left: it is only a matter of a moment until the answer is told here.
            if (!call.started() || call.answer() != null) {
                continue;
            }
            if (!call.interrupted() && now - call.startedAt() >= timeout) {
                call.interruptedAt = now;
                effects.interrupt(call);
            }
            if (!call.interrupted()) {
                timeoutsAt = Math.min(timeoutsAt, call.startedAt() + timeout);
            } else if (now - call.interruptedAt >= grace) {
                begun.remove(call);
                closed.add(call);
                call.counted = false;
                inFlight--;
                effects.closed(call);
            } else {
                timeoutsAt = Math.min(timeoutsAt, call.interruptedAt + grace);
            }
        }
    }

    /**
     * A call has ended, in one of the three ways.
     *
     * @param call the call
     * @param answer what came of it
     * @param now the time
     */
    public void ended(Call<R> call, Answer answer, long now) {
        switch (answer) {
            case Answer.Completed completed -> completed(call, completed.outcomes(), now);
            case Answer.Failed failed -> failed(call, failed.doom(), now);
            case Answer.Unavailable unavailable -> unavailable(call, unavailable.what(), now);
        }
    }

    /**
     * The handler answered.
     *
     * @param call the call
     * @param outcomes an outcome per record; null: the answer does not cover it, it has failed
     * @param now the time
     */
    public void completed(Call<R> call, @Nullable Outcome[] outcomes, long now) {
        ended(call);
        worksAgain(call);
        List<Held<R>> records = call.records();
        int from = 0;
        while (from < records.size()) {
            int to = from + 1;
            while (to < records.size() && records.get(to).lane == records.get(from).lane) {
                to++;
            }
            settleRun(call, from, to, outcomes, now);
            from = to;
        }
        tick(now);
    }

    private void settleRun(Call<R> call, int from, int to, @Nullable Outcome[] outcomes, long now) {
        List<Held<R>> unfinished = List.of();
        for (int i = from; i < to; i++) {
            Held<R> each = call.records().get(i);
            Outcome outcome = i < outcomes.length ? outcomes[i] : null;
            each.partition.working--;
            if (outcome instanceof Outcome.Done) {
                finish(each, Ending.DONE);
            } else if (outcome instanceof Outcome.AlreadyDone) {
                finish(each, Ending.ALREADY_DONE);
            } else {
                // Behind an unfinished record of its key it can't have had its turn, so only the first one pays.
                if (outcome instanceof Outcome.Unreached) {
                    each.trouble().company = (call.records().size() + 1) / 2;
                } else if (unfinished.isEmpty()) {
                    unfinished(each, outcome, now);
                }
                unfinished = unfinished.isEmpty() ? new ArrayList<>() : unfinished;
                unfinished.add(each);
            }
        }
        backToLane(call.records().get(from).lane, unfinished, now);
    }

    private void unfinished(Held<R> record, @Nullable Outcome outcome, long now) {
        if (outcome instanceof Outcome.Refused refused) {
            record.trouble().doom = refused.doom();
        } else if (outcome instanceof Outcome.TryLater later) {
            later(record, later.nanos(), now);
        } else if (outcome instanceof Outcome.Failed failed) {
            attemptFailed(record, failed.doom(), now);
        } else {
            attemptFailed(record, Doom.NO_RESULT, now);
        }
    }

    private void attemptFailed(Held<R> record, Doom doom, long now) {
        Held.Trouble trouble = record.trouble();
        trouble.attempts++;
        trouble.lastError = doom.className();
        if (trouble.attempts >= bounds.attempts()) {
            trouble.doom = doom;
        } else {
            trouble.notBefore = now + bounds.backoff(trouble.attempts, random);
            effects.retried(record);
        }
    }

    private void later(Held<R> record, long nanos, long now) {
        Held.Trouble trouble = record.trouble();
        if (trouble.laterSince == Long.MIN_VALUE) {
            trouble.laterSince = now;
        }
        trouble.lastError = Doom.TOO_OLD.className();
        long tooOld = trouble.laterSince + bounds.tryLaterFor().toNanos();
        if (now >= tooOld) {
            trouble.doom = Doom.TOO_OLD;
            return;
        }
        // The last try comes when the time is up, however far away the wish; and a wish of nothing must not spin.
        long earliest = now + bounds.firstBackoff().toNanos();
        long wished = now + Math.min(Math.max(0, nanos), tooOld - now);
        trouble.notBefore = Math.max(earliest, wished);
    }

    /**
     * The call failed as a whole, and it does not say whose fault it was. A record that was alone pays an attempt; others
     * lose half of their company, until the one at fault is alone.
     *
     * @param call the call
     * @param doom what is said where a record was alone and that was its last attempt
     * @param now the time
     */
    public void failed(Call<R> call, Doom doom, long now) {
        int size = call.records().size();
        if (size == 1) {
            completed(call, new Outcome[] {new Outcome.Failed(doom)}, now);
            return;
        }
        ended(call);
        worksAgain(call);
        for (Held<R> each : call.records()) {
            each.trouble().company = (size + 1) / 2;
            each.trouble().lastError = doom.className();
        }
        allBack(call, now);
        tick(now);
    }

    /**
     * The infrastructure behind the handler failed: it is nobody's fault. All of the call comes again, and nothing else
     * begins for a while.
     *
     * @param call the call
     * @param what what failed, in words without personal data
     * @param now the time
     */
    public void unavailable(Call<R> call, String what, long now) {
        ended(call);
        allBack(call, now);
        // Calls that began together fail together; only one that began after the back-off makes it longer.
        if (call.number > callsBeforeOutage || outage == null) {
            outages++;
            callsBeforeOutage = calls;
            long since = outage == null ? now : outage.since;
            outage = new Outage(what, since, now + bounds.backoff(outages, random));
        }
        tick(now);
    }

    private void worksAgain(Call<R> call) {
        if (call.number > callsBeforeOutage) {
            outages = 0;
            outage = null;
        }
    }

    private void ended(Call<R> call) {
        if (call.counted) {
            begun.remove(call);
            call.counted = false;
            inFlight--;
        } else {
            closed.remove(call);
        }
    }

    private void allBack(Call<R> call, long now) {
        List<Held<R>> records = call.records();
        int from = 0;
        while (from < records.size()) {
            Lane<R> lane = records.get(from).lane;
            List<Held<R>> run = new ArrayList<>();
            while (from < records.size() && records.get(from).lane == lane) {
                Held<R> each = records.get(from++);
                each.partition.working--;
                run.add(each);
            }
            backToLane(lane, run, now);
        }
    }

    private void backToLane(Lane<R> lane, List<Held<R>> records, long now) {
        for (int i = records.size() - 1; i >= 0; i--) {
            Held<R> each = records.get(i);
            if (each.partition.draining || each.partition.released) {
                gone(each);
            } else {
                each.stage = Held.Stage.QUEUED;
                lane.addFirst(each);
            }
        }
        schedule(lane, now);
    }

    /** The record is safe in the dead-letter topic. */
    public void buried(Held<R> record, long now) {
        record.partition.working--;
        finish(record, Ending.DEAD_LETTER);
        schedule(record.lane, now);
        tick(now);
    }

    /** The dead-letter topic did not take the record; it is tried again, and its lane waits for it. */
    public void burialFailed(Held<R> record, long now) {
        record.partition.working--;
        Held.Trouble trouble = record.trouble();
        trouble.burials++;
        trouble.notBefore = now + bounds.backoff(trouble.burials, random);
        backToLane(record.lane, List.of(record), now);
        tick(now);
    }

    private void finish(Held<R> record, Ending ending) {
        gone(record);
        record.partition.finish(record);
        effects.finished(record, ending);
    }

    private void gone(Held<R> record) {
        record.stage = Held.Stage.GONE;
        record.partition.slot.held--;
        held--;
        budget.add(-record.bytes);
        Phases.Phase<R> phase = record.lane.phase;
        if (phase != null && --phase.held == 0) {
            over(phase);
        }
    }

    /** What is behind it is told at the next tick: here somebody may be about to change its lanes. */
    private void over(Phases.Phase<R> phase) {
        Phases.Phase<R> following = phase.of.over(phase);
        if (following != null) {
            opened.add(following);
        } else if (phase.of.isEmpty()) {
            phases.remove(phase.of.key);
        }
    }

    // What is committed.

    /** What has changed since it was last given to {@link #committing}, by partition. */
    public Map<Source, Progress> uncommitted() {
        Map<Source, Progress> changed = new HashMap<>();
        for (Partition<R> each : partitions.values()) {
            if (each.changes != each.committedChanges) {
                changed.put(each.source, each.progress());
            }
        }
        return changed;
    }

    /** What {@link #uncommitted} gave is on its way. */
    public void committing() {
        for (Partition<R> each : partitions.values()) {
            each.committing();
        }
    }

    /** A commit did not arrive: its partitions have something to commit again. */
    public void commitFailed(Collection<Source> sources) {
        for (Partition<R> each : known(sources)) {
            each.committedChanges = -1;
        }
    }

    /** How far a partition is done; null: it is not ours. */
    public @Nullable Progress progress(Source source) {
        Partition<R> partition = partitions.get(source);
        return partition == null ? null : partition.progress();
    }

    // What operators see and want.

    /** Stops fetching and calling; calls that run end as usual. */
    public void pause(boolean wanted, long now) {
        paused = wanted;
        tick(now);
    }

    /**
     * @param calls calls at the same time; null: as configured
     * @param perSecond records that may begin per second; null: no bound
     * @param now the time
     */
    public void limits(@Nullable Integer calls, @Nullable Integer perSecond, long now) {
        maxInFlight = calls == null ? bounds.maxInFlight() : calls;
        rate = perSecond == null ? null : new Rate(perSecond, now);
        tick(now);
    }

    /** Records received and not yet finished. */
    public int held() {
        return held;
    }

    /** Most records ever held. */
    public int heldMost() {
        return heldMost;
    }

    /** Calls that run, without those that were given up. */
    public int inFlight() {
        return inFlight;
    }

    /** The bound of {@link #inFlight} now. */
    public int maxInFlight() {
        return maxInFlight;
    }

    /** When the oldest unfinished record was received; {@link Long#MAX_VALUE}: everything is finished. */
    public long oldest() {
        long oldest = Long.MAX_VALUE;
        for (Partition<R> each : partitions.values()) {
            Held<R> first = each.first();
            if (first != null) {
                oldest = Math.min(oldest, first.receivedAt);
            }
        }
        return oldest;
    }

    /** Records that would be handled again if everything ended now: finished since the last commit, or being worked on. */
    public long handledAgainIfKilled() {
        return partitions.values().stream()
                .mapToLong(Partition::handledAgainIfKilled)
                .sum();
    }

    /** Calls that outlived their interrupt. */
    public List<Call<R>> closed() {
        return List.copyOf(closed);
    }

    /** What the handler needs and is away; null: nothing. */
    public @Nullable Outage outage() {
        return outage;
    }

    /** Whether a partition is one of the replay topic. */
    boolean isReplay(Source source) {
        return replay.test(source);
    }

    /** Partitions that this member serves. */
    public Set<Source> sources() {
        return Set.copyOf(partitions.keySet());
    }

    /** What can be said of a partition; null: it is not ours. */
    public @Nullable PartitionLook look(Source source) {
        Partition<R> partition = partitions.get(source);
        if (partition == null) {
            return null;
        }
        long overdrawn = overdrawn();
        Held<R> first = partition.first();
        return new PartitionLook(
                partition.frontier(),
                partition.position(),
                partition.slot.held,
                Math.max(0, partition.position() - partition.frontier()),
                whyNotFetched(partition, overdrawn),
                gapsFull(partition),
                first == null ? null : lookAt(first));
    }

    private HolderLook lookAt(Held<R> record) {
        Call<R> call = record.stage == Held.Stage.RUNNING ? record.lane.call : null;
        String stage = switch (record.stage) {
            case QUEUED ->
                switch (record.lane.state) {
                    case WAITING -> "waiting";
                    case BLOCKED -> "blocked";
                    case READY -> linger > 0 ? "lingering" : "queued";
                    case IDLE, BUSY -> "queued";
                };
            case RUNNING -> call != null && closed.contains(call) ? "stuck" : "running";
            case BURYING -> "burying";
            case GONE -> "let go";
        };
        return new HolderLook(
                record.offset,
                record.lane.key,
                record.receivedAt,
                record.attempts(),
                stage,
                record.lastError(),
                call == null ? null : call.thread());
    }

    /** The keys with most records in their lanes, most first, at most so many. */
    public List<LaneLook> longest(int most) {
        return Stream.concat(
                        lanes.values().stream().map(lane -> new LaneLook(lane.key, lane.size())),
                        phases.values().stream().map(each -> new LaneLook(each.key, each.queued())))
                .filter(look -> look.queued > 0)
                .sorted(Comparator.comparingInt(LaneLook::queued).reversed())
                .limit(most)
                .toList();
    }

    /** What is held of a key now. */
    public KeyLook look(Object key) {
        Phases<R> split = phases.get(key);
        if (split != null) {
            return new KeyLook(split.held(), split.oldestQueued());
        }
        Lane<R> lane = lanes.get(key);
        return lane == null
                ? new KeyLook(0, Long.MAX_VALUE)
                : new KeyLook(lane.size() + lane.working(), lane.oldestQueued());
    }

    /** Keys whose lanes can be split and of which something is remembered. */
    int phased() {
        return phases.size();
    }

    private static <R> Held<R> headOf(Lane<R> lane) {
        Held<R> head = lane.head();
        if (head == null) {
            throw new IllegalStateException("an empty lane is in a queue");
        }
        return head;
    }

    /**
     * What the handler needs is away.
     *
     * @param what in words, without personal data
     * @param since when it was first seen
     * @param until when it is tried next
     */
    public record Outage(String what, long since, long until) {}

    /**
     * A partition now.
     *
     * @param frontier all offsets below it are finished
     * @param position the next offset to be received
     * @param held records received and not finished
     * @param span offsets between the two
     * @param notFetched why nothing is fetched of it; null: something may be
     * @param gapsFull whether the commit metadata has no room for more gaps
     * @param holder the record at the frontier; null: everything received is finished
     */
    public record PartitionLook(
            long frontier,
            long position,
            int held,
            long span,
            @Nullable String notFetched,
            boolean gapsFull,
            @Nullable HolderLook holder) {}

    /**
     * A record that holds a frontier.
     *
     * @param offset its offset
     * @param key its lane's key; null: it has none
     * @param receivedAt when it was received
     * @param attempts calls that it failed
     * @param stage what happens to it, in a word
     * @param lastError class of its last failure
     * @param thread who works on it
     */
    public record HolderLook(
            long offset,
            @Nullable Object key,
            long receivedAt,
            int attempts,
            String stage,
            @Nullable String lastError,
            @Nullable Thread thread) {}

    /**
     * @param held records received and not finished
     * @param oldestQueued when the oldest of them was received that is in no call; {@link Long#MAX_VALUE}: there is none
     */
    public record KeyLook(int held, long oldestQueued) {}

    /**
     * @param key the key
     * @param queued records in its lanes
     */
    public record LaneLook(@Nullable Object key, int queued) {}
}
