package mallstream.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A second member joins and leaves three times while calls of half a second run: whether a key ever runs in both. */
final class Members {
    private static final int TIMES = 3;
    private static final int LOOK_MICROS = 20_000;
    private static final long PATIENCE_NANOS = 40_000_000_000L;
    /** Records that a member has handled when it is taken for a part of the group. */
    private static final int SOME = 200;

    private final Bench bench;
    private final Set<Candidates> arms;
    private final List<Target> targets;

    /**
     * @param bench where it runs
     * @param arms who may run
     * @param targets where its own goes
     */
    Members(Bench bench, Set<Candidates> arms, List<Target> targets) {
        this.bench = bench;
        this.arms = arms;
        this.targets = targets;
    }

    /** Runs it and prints what it gave. */
    void run() {
        Out.line("## members: 500ms, 200 in flight for each; a second member joins and leaves %d times%n", TIMES);
        Table table = new Table("arm", "group protocol", "handled", "handled again", "overlaps of a key");
        for (Candidates each : List.of(Candidates.PARALLEL_CONSUMER, Candidates.ENGINE)) {
            for (String protocol : List.of("classic", "consumer")) {
                if (arms.contains(each)) {
                    run(each, protocol, table);
                }
            }
        }
        Out.print(table);
        Out.print("");
    }

    private void run(Candidates arm, String protocol, Table table) {
        // About 800 records a second for a minute and a half.
        Load load = bench.filled(new Load(72_000, Bench.KEYS, Keys.UNIFORM));
        Map<String, String> settings = new HashMap<>(bench.settings(arm));
        settings.put("group-protocol", protocol);
        Trial trial =
                new Trial(arm, bench.bootstrap(), bench.name("members"), load, Work.HALF, 200, 20_000, 0, 0, settings);
        try {
            Path file = Files.createTempFile("benchmark-members", ".oracle");
            try {
                SharedOracle oracle = new SharedOracle(file, load.records(), load.keyCount(), 0);
                String what = joinAndLeave(trial, file, oracle);
                table.row(
                        arm.word(),
                        protocol,
                        Out.text("%,d", oracle.endedAtLeast(1)) + what,
                        Out.text("%,d", oracle.endedAtLeast(2)),
                        Out.text("%,d", oracle.overlaps()));
                Out.note("members, %s %s: %d overlaps%s", arm.word(), protocol, oracle.overlaps(), what);
                if (arm == Candidates.ENGINE) {
                    targets.add(new Target(
                            "members: overlaps of a key, protocol " + protocol + ", 0",
                            oracle.overlaps() + what,
                            oracle.overlaps() == 0 && what.isEmpty()));
                }
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Gives what went wrong besides overlaps; empty: nothing. */
    private String joinAndLeave(Trial trial, Path file, SharedOracle oracle) throws InterruptedException {
        try (Child first = RunMember.start(trial, file, 0, bench.options())) {
            if (!await(() -> oracle.ended(0) >= SOME)) {
                return ", nothing handled";
            }
            for (int i = 1; i <= TIMES; i++) {
                int member = i;
                try (Child second = RunMember.start(trial, file, member, bench.options())) {
                    if (!await(() -> oracle.ended(member) >= SOME)) {
                        return ", member " + i + " got nothing";
                    }
                    if (!second.alive() || !first.alive()) {
                        return ", a member ended by itself";
                    }
                }
                // The partitions come back to the first one.
                int then = oracle.ended(0);
                if (!await(() -> oracle.ended(0) >= then + 2 * SOME)) {
                    return ", nothing handled after leave " + i;
                }
            }
        }
        return "";
    }

    private static boolean await(BooleanSupplier condition) throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > giveUp) {
                return false;
            }
            Pause.micros(LOOK_MICROS);
        }
        return true;
    }
}
