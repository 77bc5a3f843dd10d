package mallstream.kafka.consume.sim;

import static mallstream.kafka.consume.sim.Timeline.MS;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import mallstream.kafka.consume.sim.Script.Trouble;

/** What goes wrong from outside of the members, and when. */
final class Faults {
    private final Simulation world;
    private final SplittableRandom random;

    Faults(Simulation world) {
        this.world = world;
        this.random = world.random;
    }

    void plan() {
        plan(Trouble.CRASH, 4, this::crash);
        plan(Trouble.RESTART, 4, this::restart);
        plan(Trouble.EXPULSION, 4, () -> withOne(world.group::remove));
        plan(Trouble.REJOIN, 4, () -> withOne(Member::rejoin));
        plan(Trouble.REBALANCE, 8, world.group::rebalance);
        plan(Trouble.OUTAGE, 3, this::outage);
        plan(Trouble.BURIALS, 3, this::noDeadLetters);
        plan(Trouble.REWIND, 2, () -> world.whileEmpty(this::rewind));
        plan(Trouble.OPERATOR, 4, () -> withOne(this::operate));
        plan(Trouble.MOVE, 3, () -> withOne(Member::move));
        plan(Trouble.COMPACTION, 4, this::compact);
    }

    private void plan(Trouble trouble, int most, Runnable what) {
        if (!world.script.has(trouble)) {
            return;
        }
        int times = random.nextInt(1, most + 1);
        for (int i = 0; i < times; i++) {
            world.timeline.in(random.nextLong(world.script.faultsFor), what);
        }
    }

    private void withOne(Consumer<Member> what) {
        List<Member> members = world.members();
        if (!members.isEmpty()) {
            what.accept(members.get(random.nextInt(members.size())));
        }
    }

    private void crash() {
        withOne(member -> {
            member.kill();
            world.timeline.in(random.nextLong(200 * MS), world::birth);
        });
    }

    private void restart() {
        withOne(member -> {
            member.stop();
            world.timeline.in(random.nextLong(200 * MS), world::birth);
        });
    }

    private void outage() {
        world.say("world", "has no database");
        world.databaseAway = true;
        world.timeline.in(random.nextLong(200 * MS), () -> world.databaseAway = false);
    }

    private void noDeadLetters() {
        world.deadLettersAway = true;
        world.timeline.in(random.nextLong(200 * MS), () -> world.deadLettersAway = false);
    }

    private void operate(Member member) {
        if (random.nextBoolean()) {
            member.pause(true);
            world.timeline.in(random.nextLong(200 * MS), () -> member.pause(false));
        } else {
            member.limits(random.nextInt(1, 5), random.nextBoolean() ? null : random.nextInt(10, 2000));
        }
    }

    /** An operator sets a partition back, with a tool that knows nothing of our metadata, or with another owner's. */
    private void rewind() {
        for (Log log : world.logs()) {
            if (random.nextBoolean() || log.entries.isEmpty()) {
                continue;
            }
            Entry first = log.entries.get(random.nextInt(log.entries.size()));
            if (first.offset > log.committed) {
                continue;
            }
            world.say("world", "is set back to ", first);
            log.set(first.offset, random.nextBoolean() ? "" : "m1;other:member.coupon;AQAC");
            for (Entry each : log.entries) {
                if (each.offset >= first.offset) {
                    each.handled = false;
                    each.buried = false;
                    each.skipped = false;
                }
            }
        }
    }

    private void compact() {
        for (Log log : world.logs()) {
            if (random.nextBoolean() && log.entries.size() > 1) {
                log.entries.get(random.nextInt(log.entries.size() - 1)).gone = true;
            }
        }
    }
}
