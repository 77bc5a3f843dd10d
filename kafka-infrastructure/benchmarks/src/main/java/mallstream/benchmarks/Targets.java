package mallstream.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** What is expected of the engine in the cells. A target whose arms were not measured is left out. */
final class Targets {
    private static final String PLAIN_HALF = "%s: rate >= %.1f of the plain loop";

    private final Map<String, List<Result>> results;
    private final List<Target> targets = new ArrayList<>();

    private Targets(Map<String, List<Result>> results) {
        this.results = results;
    }

    /**
     * @param results of each cell, by its name
     * @return all targets that can be told
     */
    static List<Target> of(Map<String, List<Result>> results) {
        Targets all = new Targets(results);
        all.withoutWork();
        all.withWork();
        all.calls();
        all.withoutOrder();
        all.everywhere();
        return all.targets;
    }

    private void withoutWork() {
        ratio("0-200", Candidates.PLAIN, 0.5);
        ratio("0-200", Candidates.PARALLEL_CONSUMER, 8);
        add(
                "0-200",
                Candidates.ENGINE,
                Candidates.ENGINE,
                (engine, same) -> Target.atMost("0-200: CPU µs/record <= 2.0", engine.cpuMicros(), 2.0));
        add(
                "0-200",
                Candidates.ENGINE,
                Candidates.PLAIN,
                (engine, plain) -> Target.atMost(
                        "0-200: bytes/record above the plain loop's <= 250", engine.bytes() - plain.bytes(), 250));
        ratio("0-zipf", Candidates.PLAIN, 0.3);
        ratio("0-hot", Candidates.PLAIN, 0.3);
    }

    private void withWork() {
        limit("1ms-200", 0.85);
        ratio("1ms-2000", Candidates.PARALLEL_CONSUMER, 8);
        add(
                "1ms-2000",
                Candidates.ENGINE,
                Candidates.ENGINE,
                (engine, same) -> Target.atMost("1ms-2000: CPU µs/record <= 4", engine.cpuMicros(), 4));
        limit("10ms-200", 0.95);
        limit("10ms-2000", 0.9);
        limit("stragglers-200", 0.85);
        limit("stragglers-2000", 0.9);
        limit("1ms-zipf", 0.95);
        limit("1ms-hot", 0.95);
    }

    private void calls() {
        for (String cell : List.of("call-zipf", "call-hot")) {
            add(
                    cell,
                    Candidates.ENGINE_BATCH,
                    Candidates.ENGINE,
                    (batch, single) -> Target.atLeast(
                            cell + ": batches of one key >= 20 x the record handler", batch.rate(), single.rate(), 20));
        }
    }

    /** Who bounds what is in flight and keeps no order is who the window without order is compared with. */
    private void withoutOrder() {
        for (String cell : List.of(
                "0-200",
                "0-2000",
                "1ms-200",
                "1ms-2000",
                "10ms-200",
                "10ms-2000",
                "stragglers-200",
                "stragglers-2000")) {
            List.of(
                            Candidates.SPRING_BATCH,
                            Candidates.REACTOR_FLATMAP,
                            Candidates.REACTOR_BUFFER,
                            Candidates.PARALLEL_CONSUMER_UNORDERED)
                    .stream()
                    .filter(each -> measured(cell, each).isPresent())
                    .max(Comparator.comparingDouble(
                            each -> measured(cell, each).map(Measured::rate).orElse(0.0)))
                    .ifPresent(best -> add(
                            cell,
                            Candidates.ENGINE_NONE,
                            best,
                            (none, peer) -> Target.atLeast(
                                    cell + ": without order >= the best bounded peer, " + best.word(),
                                    none.rate(),
                                    peer.rate(),
                                    1)));
        }
    }

    private void everywhere() {
        int violations = 0;
        int again = 0;
        double fullest = 0;
        boolean any = false;
        for (Cell cell : Cell.all()) {
            for (Result each : results.getOrDefault(cell.name(), List.of())) {
                if (!each.arm.ours() || each.rounds.isEmpty()) {
                    continue;
                }
                any = true;
                fullest = Math.max(fullest, (double) each.mostHeld() / cell.maxHeld());
                for (Round round : each.rounds) {
                    again += round.measured().again();
                    violations += each.arm.ordered()
                            ? round.measured().overlaps() + round.measured().inversions()
                            : 0;
                }
            }
        }
        if (any) {
            targets.add(Target.atMost("all cells, ordered: overlaps and records out of order, 0", violations, 0));
            targets.add(Target.atMost("all cells: records handled again, 0", again, 0));
            targets.add(Target.atMost("all cells: most held, as a share of max-held, <= 1", fullest, 1));
        }
    }

    private void ratio(String cell, Candidates other, double least) {
        String what = other == Candidates.PLAIN
                ? Out.text(PLAIN_HALF, cell, least)
                : Out.text("%s: rate >= %.0f x %s", cell, least, other.word());
        add(cell, Candidates.ENGINE, other, (engine, peer) -> Target.atLeast(what, engine.rate(), peer.rate(), least));
    }

    private void limit(String cell, double least) {
        find(cell, Candidates.ENGINE)
                .map(Result::median)
                .ifPresent(median -> targets.add(Target.atLeast(
                        Out.text("%s: rate >= %.2f of the limit", cell, least),
                        median.measured().rate(),
                        median.limit(),
                        least)));
    }

    private void add(String cell, Candidates arm, Candidates other, BiFunction<Measured, Measured, Target> target) {
        measured(cell, arm)
                .ifPresent(one -> measured(cell, other).ifPresent(two -> targets.add(target.apply(one, two))));
    }

    private Optional<Measured> measured(String cell, Candidates arm) {
        return find(cell, arm).map(each -> each.median().measured());
    }

    private Optional<Result> find(String cell, Candidates arm) {
        return results.getOrDefault(cell, List.of()).stream()
                .filter(each -> each.arm == arm && each.failed == null && !each.rounds.isEmpty())
                .findFirst();
    }
}
