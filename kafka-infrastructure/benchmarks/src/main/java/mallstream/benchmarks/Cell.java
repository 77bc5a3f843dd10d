package mallstream.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What the arms are compared in.
 *
 * @param name for settings and headings
 * @param work of the handler
 * @param keys how records spread over keys
 * @param inFlight records or calls at the same time
 * @param maxHeld records held, for arms that have such a bound
 * @param arms who is worth measuring there
 */
record Cell(String name, Work work, Keys keys, int inFlight, int maxHeld, List<Candidates> arms) {
    private static final int HELD = 20_000;
    private static final int HELD_LONG = 50_000;

    /** All of them, in the order in which they run: those without work first, as their plain loop is a limit of the others. */
    static List<Cell> all() {
        List<Candidates> many = List.of(
                Candidates.SPRING_BATCH,
                Candidates.PARALLEL_CONSUMER,
                Candidates.PARALLEL_CONSUMER_UNORDERED,
                Candidates.REACTOR_FLATMAP,
                Candidates.REACTOR_BUFFER,
                Candidates.ENGINE,
                Candidates.ENGINE_NONE);
        // What the parallel consumer does without order is told by the cells with 200.
        List<Candidates> wide = many.stream()
                .filter(each -> each != Candidates.PARALLEL_CONSUMER_UNORDERED)
                .toList();
        List<Candidates> ordered = List.of(Candidates.PARALLEL_CONSUMER, Candidates.ENGINE);
        List<Candidates> calls = List.of(Candidates.ENGINE, Candidates.ENGINE_BATCH);
        return List.of(
                new Cell(
                        "0-200",
                        Work.NONE,
                        Keys.UNIFORM,
                        200,
                        HELD,
                        and(
                                many,
                                Candidates.PLAIN,
                                Candidates.SPRING_RECORD,
                                Candidates.SEMAPHORE,
                                Candidates.ENGINE_BATCH)),
                new Cell("0-2000", Work.NONE, Keys.UNIFORM, 2_000, HELD, and(wide, Candidates.PLAIN)),
                new Cell("0-zipf", Work.NONE, Keys.ZIPF, 200, HELD, and(ordered, Candidates.PLAIN)),
                new Cell("0-hot", Work.NONE, Keys.HOT, 200, HELD, and(ordered, Candidates.PLAIN)),
                new Cell("1ms-200", Work.SHORT, Keys.UNIFORM, 200, HELD, and(many, Candidates.SEMAPHORE)),
                new Cell("1ms-2000", Work.SHORT, Keys.UNIFORM, 2_000, HELD, wide),
                new Cell("1ms-zipf", Work.SHORT, Keys.ZIPF, 200, HELD, ordered),
                new Cell("1ms-hot", Work.SHORT, Keys.HOT, 200, HELD, ordered),
                new Cell("10ms-200", Work.LONG, Keys.UNIFORM, 200, HELD, many),
                new Cell("10ms-2000", Work.LONG, Keys.UNIFORM, 2_000, HELD_LONG, wide),
                new Cell("stragglers-200", Work.STRAGGLERS, Keys.UNIFORM, 200, HELD, many),
                new Cell("stragglers-2000", Work.STRAGGLERS, Keys.UNIFORM, 2_000, HELD_LONG, wide),
                new Cell("call-zipf", Work.CALL, Keys.ZIPF, 200, HELD, calls),
                new Cell("call-hot", Work.CALL, Keys.HOT, 200, HELD, calls));
    }

    private static List<Candidates> and(List<Candidates> these, Candidates... others) {
        List<Candidates> all = new ArrayList<>(List.of(others));
        all.addAll(these);
        return all;
    }

    /** For a heading. */
    String title() {
        String worked =
                work == Work.NONE ? "no work" : work == Work.CALL ? "1 ms a call and 10 µs a record" : work.word();
        return Out.text(
                "%s: %s, keys %s, %,d in flight, at most %,d held", name, worked, keys.word(), inFlight, maxHeld);
    }
}
