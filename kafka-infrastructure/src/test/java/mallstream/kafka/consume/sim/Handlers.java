package mallstream.kafka.consume.sim;

import static mallstream.kafka.consume.sim.Timeline.MS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mallstream.kafka.consume.core.Bounds;
import mallstream.kafka.consume.core.Call;
import mallstream.kafka.consume.core.Doom;
import mallstream.kafka.consume.core.Effects;
import mallstream.kafka.consume.core.Ending;
import mallstream.kafka.consume.core.Engine;
import mallstream.kafka.consume.core.Held;
import mallstream.kafka.consume.core.Outcome;
import org.jspecify.annotations.Nullable;

/** The handler and the dead-letter topic of one member, and a judge of what the engine asks of them. */
final class Handlers implements Effects<Delivery> {
    private final Simulation world;
    private final Member member;
    private final Bounds bounds;
    private final int mostInCompany;
    private final Map<Call<Delivery>, Work> works = new LinkedHashMap<>();
    /** By lane what works on it. */
    private final Map<String, Object> busy = new HashMap<>();
    /** By key what this member holds, in the order in which it was received. */
    private final Map<String, List<Delivery>> received = new HashMap<>();

    private int inFlight;

    Handlers(Simulation world, Member member) {
        this.world = world;
        this.member = member;
        this.bounds = world.script.bounds;
        // ceil(log2(size)): so often can a batch be halved until a record is alone.
        this.mostInCompany = 32 - Integer.numberOfLeadingZeros(bounds.maxSize() - 1);
    }

    int inFlight() {
        return inFlight;
    }

    void receives(Delivery delivery) {
        if (delivery.entry.key != null) {
            received.computeIfAbsent(delivery.entry.key, key -> new ArrayList<>())
                    .add(delivery);
        }
    }

    /** Whether a call or a burial works on its lane, be it of an epoch that is over. */
    private boolean busy(Delivery each) {
        return each.lane() != null && busy.containsKey(each.lane());
    }

    /** Whether it has to wait, for its lane or for what came before it was split or joined. */
    boolean waits(Delivery each) {
        return busy(each) || overtaken(each) != null;
    }

    /**
     * What is held of its key and came before it and before a change between whole and parts, in whichever epoch; null:
     * nothing is.
     */
    private @Nullable Delivery overtaken(Delivery each) {
        List<Delivery> all = each.entry.key == null ? null : received.get(each.entry.key);
        if (all == null) {
            return null;
        }
        all.removeIf(other -> !other.held() && other != each);
        boolean changed = false;
        for (int i = all.indexOf(each) - 1; i >= 0; i--) {
            Delivery before = all.get(i);
            changed |= before.split != each.split;
            if (changed) {
                return before;
            }
        }
        return null;
    }

    private void takes(Delivery each, Object by) {
        String lane = each.lane();
        if (lane != null) {
            busy.put(lane, by);
        }
    }

    private void frees(Delivery each) {
        String lane = each.lane();
        if (lane != null) {
            busy.remove(lane);
        }
    }

    // Calls.

    @Override
    public void begin(Call<Delivery> call) {
        List<Delivery> records = call.records().stream().map(Held::record).toList();
        member.say("begins ", records);
        judge(records);
        inFlight++;
        for (Delivery each : records) {
            each.where = Delivery.Where.RUNNING;
            each.epoch.begin(each);
            takes(each, call);
        }
        Work work = new Work(call, records);
        works.put(call, work);
        long gate = world.trouble(Script.Trouble.GATE) ? world.random.nextLong(30 * MS) : 0;
        after(gate, () -> start(work));
    }

    private void judge(List<Delivery> records) {
        long now = world.timeline.now();
        Engine.Outage outage = member.engine.outage();
        Broken.unless(!member.paused, records, " begins while the subscription is paused");
        Broken.unless(inFlight < member.engine.maxInFlight(), records, " begins beyond the bound of calls");
        Broken.unless(
                outage == null || (now >= outage.until() && inFlight == 0),
                records,
                " begins in an outage, and not as the only try");
        long bytes = 0;
        for (Delivery each : records) {
            bytes += each.entry.bytes;
            judge(each, now);
        }
        for (Delivery each : records) {
            each.line.taken = 0;
        }
        Broken.unless(records.size() <= bounds.maxSize(), records, " is too large a batch");
        Broken.unless(records.size() == 1 || bytes <= bounds.maxBytes(), records, " is a batch of ", bytes, " bytes");
    }

    private void judge(Delivery each, long now) {
        Epoch epoch = each.epoch;
        boolean flushed = epoch.state == Epoch.State.LEAVING && epoch.leavingSince == now;
        if (epoch.state != Epoch.State.OWNED && !flushed) {
            throw new Broken(each + " begins in an epoch that is over");
        }
        if (each.where != Delivery.Where.QUEUED || each.refused || each.charged >= bounds.attempts()) {
            throw new Broken(each + " begins and is " + each.where + ", charged " + each.charged);
        }
        if (now < each.restsUntil) {
            throw new Broken(each + " begins before its pause is over");
        }
        if (busy(each)) {
            throw new Broken(each + " begins while its lane is worked on");
        }
        judgeNeighbours(each);
        Epoch.Line line = each.line;
        if (line.taken >= line.open.size() || line.open.get(line.taken) != each) {
            throw new Broken(each + " begins and it is not its turn");
        }
        line.taken++;
    }

    private void judgeNeighbours(Delivery each) {
        if (each.entry.key == null) {
            return;
        }
        Delivery overtaken = overtaken(each);
        if (overtaken != null) {
            throw new Broken(each + " overtakes " + overtaken + ", which came before the lane was split or joined");
        }
        for (Delivery other : received.getOrDefault(each.entry.key, List.of())) {
            boolean works = other.where == Delivery.Where.RUNNING || other.where == Delivery.Where.BURYING;
            if (works && other.excludes(each)) {
                throw new Broken(each + " begins beside " + other);
            }
        }
    }

    private void start(Work work) {
        work.call.started(world.timeline.now());
        long lasts = world.random.nextLong(world.script.work) + world.script.work / 4;
        for (Delivery each : work.records) {
            lasts += each.entry.fate == Fate.SLOW ? bounds.callTimeout().toNanos() / 2 : 0;
            if (each.entry.spoils() && endures(each.entry.fate)) {
                each.entry.spoil();
                work.endures = each.entry.fate;
            }
        }
        long timeout = bounds.callTimeout().toNanos();
        if (work.endures == Fate.HANGS) {
            world.whenHealed(() -> endIn(work, world.random.nextLong(50 * MS)));
        } else if (work.endures == Fate.DEAF) {
            endIn(work, timeout + world.random.nextLong(3 * timeout));
        } else if (work.endures == null) {
            endIn(work, lasts);
        }
    }

    private static boolean endures(Fate fate) {
        return fate == Fate.OVERRUNS || fate == Fate.DEAF || fate == Fate.HANGS;
    }

    @Override
    public void interrupt(Call<Delivery> call) {
        Work work = work(call);
        member.say("interrupts ", work.records);
        Broken.unless(!work.interrupted, work.records, " is interrupted twice");
        work.interrupted = true;
        if (work.endures == null || work.endures == Fate.OVERRUNS) {
            endIn(work, world.random.nextLong(MS));
        }
    }

    @Override
    public void closed(Call<Delivery> call) {
        Work work = work(call);
        member.say("gives up ", work.records);
        Broken.unless(work.interrupted && !work.closed, work.records, " is given up without an interrupt");
        work.closed = true;
        inFlight--;
    }

    private Work work(Call<Delivery> call) {
        Work work = works.get(call);
        if (work == null) {
            throw new Broken("a call that has ended is asked for");
        }
        return work;
    }

    private void endIn(Work work, long nanos) {
        int ending = ++work.endings;
        after(nanos, () -> {
            if (ending == work.endings) {
                end(work);
            }
        });
    }

    /** Something of this process: it does not happen where that has died. */
    private void after(long nanos, Runnable what) {
        world.timeline.in(nanos, () -> {
            if (!member.dead()) {
                what.run();
            }
        });
    }

    private void end(Work work) {
        works.remove(work.call);
        inFlight -= work.closed ? 0 : 1;
        for (Delivery each : work.records) {
            frees(each);
        }
        if (world.databaseAway) {
            unavailable(work);
        } else if (work.interrupted && (work.endures == null || world.random.nextBoolean()) || throwing(work)) {
            failed(work);
        } else {
            completed(work);
        }
    }

    private static boolean throwing(Work work) {
        boolean throwing = false;
        for (Delivery each : work.records) {
            if (each.entry.fate == Fate.THROWS && each.entry.spoils()) {
                each.entry.spoil();
                throwing = true;
            }
        }
        return throwing;
    }

    private void unavailable(Work work) {
        member.say("has no database for ", work.records);
        work.records.forEach(each -> each.epoch.back(each));
        member.tell(() -> member.engine.unavailable(work.call, "database", world.timeline.now()));
    }

    private void failed(Work work) {
        member.say("fails with all of ", work.records);
        for (Delivery each : work.records) {
            if (work.records.size() == 1) {
                charge(each);
            } else {
                inCompany(each);
            }
            each.epoch.back(each);
        }
        Doom doom = Doom.thrown(new IllegalStateException());
        member.tell(() -> member.engine.failed(work.call, doom, world.timeline.now()));
    }

    private void inCompany(Delivery each) {
        each.inCompany++;
        Broken.unless(each.inCompany <= mostInCompany, each, " is not narrowed down fast enough");
    }

    private void charge(Delivery each) {
        each.charged++;
        // Attempts are few here, so the shift does not overflow; a quarter less is as far as it is spread.
        long doubled = bounds.firstBackoff().toNanos() << each.charged - 1;
        each.restsUntil =
                world.timeline.now() + Math.min(doubled, bounds.longestBackoff().toNanos()) / 4 * 3 - 1;
    }

    private void completed(Work work) {
        List<Delivery> records = work.records;
        @Nullable Outcome[] outcomes = new Outcome[records.size()];
        Map<String, Fate> stuck = new HashMap<>();
        List<Delivery> done = new ArrayList<>();
        boolean ended = false;
        for (int i = 0; i < outcomes.length; i++) {
            Delivery each = records.get(i);
            if (ended && each.entry.fate != Fate.REFUSED) {
                // What is known of it is that it was not the one at which the answer ended.
                outcomes[i] = new Outcome.Unreached();
                inCompany(each);
                each.epoch.back(each);
                stick(stuck, each, Fate.UNANSWERED);
                continue;
            }
            Fate before = each.lane() == null ? null : stuck.get(each.lane());
            if (before != null && (before != Fate.REFUSED || each.entry.spoils())) {
                stick(stuck, each, Fate.UNANSWERED);
                each.epoch.back(each);
                continue;
            }
            outcomes[i] = outcome(each);
            if (outcomes[i] instanceof Outcome.Done || outcomes[i] instanceof Outcome.AlreadyDone) {
                each.entry.handled = true;
                each.where = Delivery.Where.TOLD;
                done.add(each);
            } else {
                ended |= outcomes[i] == null && world.random.nextBoolean();
                each.epoch.back(each);
                stick(stuck, each, each.entry.fate);
            }
        }
        member.say("has done ", done, " of ", records);
        // An answer may end before the records do.
        int covered = outcomes.length;
        while (covered > 0 && outcomes[covered - 1] == null && world.random.nextBoolean()) {
            covered--;
        }
        @Nullable Outcome[] answer = Arrays.copyOf(outcomes, covered);
        member.tell(() -> member.engine.completed(work.call, answer, world.timeline.now()));
        for (Delivery each : done) {
            Broken.unless(each.where == Delivery.Where.GONE, each, " is done and the engine did not notice");
        }
    }

    private static void stick(Map<String, Fate> stuck, Delivery each, Fate fate) {
        String lane = each.lane();
        if (lane != null) {
            stuck.put(lane, fate);
        }
    }

    private @Nullable Outcome outcome(Delivery each) {
        Entry entry = each.entry;
        if (entry.fate == Fate.ALREADY_DONE) {
            return new Outcome.AlreadyDone();
        }
        if (entry.fate == Fate.REFUSED) {
            each.refused = true;
            return new Outcome.Refused(new Doom("refused", "Refusal"));
        }
        if (!entry.spoils() || endures(entry.fate) || entry.fate == Fate.THROWS) {
            return new Outcome.Done();
        }
        entry.spoil();
        return switch (entry.fate) {
            case FAILS -> {
                charge(each);
                yield new Outcome.Failed(new Doom("failed", "Failure"));
            }
            case UNANSWERED -> {
                charge(each);
                yield null;
            }
            case LATER -> later(each);
            default -> new Outcome.Done();
        };
    }

    private Outcome later(Delivery each) {
        long now = world.timeline.now();
        if (!each.wasLater) {
            each.wasLater = true;
            each.laterSince = now;
        }
        long wish = switch (world.random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> Long.MAX_VALUE;
            default -> world.random.nextLong(100 * MS);
        };
        long tooOld = each.laterSince + bounds.tryLaterFor().toNanos();
        long wished = wish == Long.MAX_VALUE ? tooOld : Math.min(now + wish, tooOld);
        if (now < tooOld) {
            each.restsUntil = Math.max(now + bounds.firstBackoff().toNanos(), wished);
        }
        return new Outcome.TryLater(wish);
    }

    // The dead-letter topic.

    @Override
    public void bury(Held<Delivery> record, Doom doom) {
        Delivery each = record.record();
        member.say("buries ", each, " as ", doom.reason());
        Broken.unless(each.entry.fate.mayBeBuried(), each, " is buried and nothing is wrong with it");
        Broken.unless(each.epoch.state == Epoch.State.OWNED, each, " is buried in an epoch that is over");
        Broken.unless(each.where == Delivery.Where.QUEUED, each, " is buried and is ", each.where);
        long laterFor = world.timeline.now() - each.laterSince;
        boolean tooOld = each.wasLater && laterFor >= bounds.tryLaterFor().toNanos();
        Broken.unless(
                doom.reason().equals("too-old") ? tooOld : each.refused || each.charged == bounds.attempts(),
                each,
                " is buried as ",
                doom,
                " and was charged with ",
                each.charged);
        Broken.unless(!busy(each), each, " is buried while its lane is worked on");
        judgeNeighbours(each);
        takes(each, record);
        each.where = Delivery.Where.BURYING;
        each.epoch.begin(each);
        after(world.random.nextLong(3 * MS), () -> buried(record, each));
    }

    private void buried(Held<Delivery> record, Delivery each) {
        boolean trouble = world.trouble(Script.Trouble.BURIALS);
        boolean arrives = !trouble || (!world.deadLettersAway && world.random.nextInt(3) > 0);
        boolean reported = arrives && (!trouble || world.random.nextInt(4) > 0);
        frees(each);
        if (arrives) {
            each.entry.buried = true;
        }
        member.say("has buried ", each, (reported ? "" : ", it hears of a failure"));
        if (reported) {
            each.where = Delivery.Where.TOLD;
            member.tell(() -> member.engine.buried(record, world.timeline.now()));
            Broken.unless(each.where == Delivery.Where.GONE, each, " is buried and the engine did not notice");
        } else {
            each.epoch.back(each);
            member.tell(() -> member.engine.burialFailed(record, world.timeline.now()));
        }
    }

    // What the engine tells.

    @Override
    public void finished(Held<Delivery> record, Ending ending) {
        Delivery each = record.record();
        Broken.unless(each.where == Delivery.Where.TOLD, each, " is finished as ", ending, " by nobody");
        each.epoch.finish(each);
    }

    @Override
    public void retried(Held<Delivery> record) {
        Delivery each = record.record();
        Broken.unless(record.attempts() == each.charged, each, " has failed ", record.attempts(), " times");
    }

    /** One call of the handler. */
    private static final class Work {
        final Call<Delivery> call;
        final List<Delivery> records;

        @Nullable
        Fate endures;

        int endings;
        boolean interrupted;
        boolean closed;

        Work(Call<Delivery> call, List<Delivery> records) {
            this.call = call;
            this.records = records;
        }
    }
}
