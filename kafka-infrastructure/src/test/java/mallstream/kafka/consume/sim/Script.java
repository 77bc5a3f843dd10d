package mallstream.kafka.consume.sim;

import static mallstream.kafka.consume.sim.Timeline.MS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import mallstream.kafka.consume.core.Bounds;
import mallstream.kafka.consume.core.Source;

/**
 * What a seed decides beforehand. Each kind of trouble is there in some seeds and missing in others, because troubles that
 * always come together hide each other.
 */
final class Script {
    static final String TOPIC = "sign-ups";
    /** It comes with the first one, with as many partitions, and its keys share the lanes. */
    static final String REPLAY = "replay";

    /** Bytes of a record that is larger than any fetch. */
    static final int OVERSIZE = 50_000;

    final Group.Style style;
    final List<Source> sources = new ArrayList<>();
    /** Each partition, and all of the replay topic as one. */
    final int parties;

    final int members;
    final int records;
    final int keys;
    final boolean keysCrossPartitions;
    /** Whether the lanes of keys are split and joined while records are in flight; 0: they can't be. */
    final int switches;
    /** Parts of a key, where it is split. */
    final int parts;

    final double keyless;
    final double holes;
    final long firstOffset;
    final Bounds bounds;
    final long budget;
    final int sharers;
    final int mostBytes;
    final boolean oversize;
    final long commitEvery;
    final long faultsFor;
    final Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
    final Set<Fate> fates = EnumSet.of(Fate.FINE);
    final double spoilt;
    final long work;
    final long start;

    Script(RandomGenerator random) {
        style = pick(Group.Style.values(), random);
        int partitions = random.nextInt(1, 6);
        boolean replay = random.nextInt(3) == 0;
        // Partitions that are added to a topic later are more than there are parts for.
        parties = random.nextInt(4) == 0 ? random.nextInt(1, partitions + 1) : partitions + 1;
        for (int i = 0; i < partitions; i++) {
            sources.add(new Source(TOPIC, i));
            if (replay) {
                sources.add(new Source(REPLAY, i));
            }
        }
        members = random.nextInt(1, 4);
        records = random.nextInt(20, 150);
        keys = random.nextInt(1, 25);
        keysCrossPartitions = replay || random.nextInt(4) == 0;
        switches = random.nextBoolean() ? random.nextInt(1, 60) : 0;
        parts = random.nextInt(1, 6);
        keyless = random.nextInt(3) == 0 ? random.nextDouble() : 0;
        holes = random.nextInt(3) == 0 ? 0 : random.nextDouble() / 2;
        firstOffset = random.nextInt(4) == 0 ? random.nextLong(1L << 40) : 0;
        long timeout = random.nextLong(40, 200);
        bounds = new Bounds(
                random.nextInt(1, random.nextBoolean() ? 3 : 9),
                random.nextInt(3) == 0 ? random.nextInt(1, 12) : random.nextInt(12, 200),
                random.nextInt(3) == 0 ? 1 : random.nextInt(1, 40),
                random.nextInt(4) == 0,
                random.nextInt(1000, random.nextBoolean() ? 2000 : 10_000),
                millis(random.nextBoolean() ? 0 : random.nextLong(1, 30)),
                random.nextInt(1, 5),
                millis(random.nextLong(10, 30)),
                millis(random.nextLong(30, 150)),
                millis(random.nextInt(4) == 0 ? 0 : random.nextLong(10, 400)),
                millis(timeout),
                millis(random.nextInt(4) == 0 ? 0 : random.nextLong(1, 150)));
        sharers = random.nextInt(1, 4);
        budget = 3L * sharers * random.nextLong(1000, 20_000);
        mostBytes = random.nextInt(10, random.nextInt(3) == 0 ? 1000 : bounds.maxBytes() + 1000);
        oversize = random.nextInt(4) == 0;
        commitEvery = random.nextLong(5, 60) * MS;
        faultsFor = random.nextLong(100, 1200) * MS;
        for (Trouble each : Trouble.values()) {
            if (random.nextInt(3) == 0) {
                troubles.add(each);
            }
        }
        int kinds = random.nextInt(1, Fate.values().length);
        for (int i = 0; i < kinds; i++) {
            fates.add(pick(Fate.values(), random));
        }
        spoilt = random.nextDouble() / (random.nextInt(3) == 0 ? 1 : 5);
        work = random.nextLong(1, timeout / 8) * MS / 4;
        // A clock of nanoseconds may well be below zero.
        start = random.nextLong(-1L << 50, 1L << 50);
    }

    /** The size of a record: most are small, some fill a batch alone, and few are larger than a fetch. */
    int bytes(RandomGenerator random) {
        if (oversize && random.nextInt(20) == 0) {
            return random.nextInt(mostBytes, OVERSIZE);
        }
        return random.nextInt(5) == 0 ? random.nextInt(mostBytes / 2, mostBytes) : random.nextInt(100);
    }

    boolean has(Trouble trouble) {
        return troubles.contains(trouble);
    }

    static <T> T pick(T[] from, RandomGenerator random) {
        return from[random.nextInt(from.length)];
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @Override
    public String toString() {
        return style + ", " + sources + ", " + members + " members, " + records + " records, " + keys
                + " keys" + (keysCrossPartitions ? " across partitions" : "")
                + (switches == 0 ? "" : " of " + parts + " parts, " + switches + " switches") + ", " + troubles + ", "
                + fates + ", "
                + bounds;
    }

    /** What may go wrong. */
    enum Trouble {
        /** A member dies without a word. */
        CRASH,
        /** A member stops in order, and comes back. */
        RESTART,
        /** The client of a member fails, or it moves to another group: the engine lives on with another loop. */
        REJOIN,
        /** The group goes on without a member that does not know yet. */
        EXPULSION,
        /** Partitions move although nobody comes or goes. */
        REBALANCE,
        /** The database is away for a while. */
        OUTAGE,
        /** The dead-letter topic takes nothing for a while, or not always. */
        BURIALS,
        /** Commits get lost, or come late, or arrive and are reported as failed. */
        COMMITS,
        /** An operator sets offsets back while the group is empty. */
        REWIND,
        /** An operator pauses, resumes, and changes limits. */
        OPERATOR,
        /** An operator moves partitions of a running member, back or ahead. */
        MOVE,
        /** Records are compacted away. */
        COMPACTION,
        /** Handlers wait at a gate before their time begins. */
        GATE
    }
}
