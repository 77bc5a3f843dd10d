package mallstream.kafka.consume.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The simulation would be worth nothing if it was blind: bugs are planted in the core, and it has to see each of them. Where
 * the core has changed so that a bug can't be planted any more, the test says so.
 */
class MutationsTest {
    /** The first seeds, always the same: that a bug is found must not depend on luck. */
    private static final int MOST_SEEDS = 2000;

    static final List<Mutation> MUTATIONS = List.of(
            new Mutation(
                    "the highest finished offset is committed",
                    "Progress.java",
                    "return new Progress(all.length == 0 ? end : all[0], end, all);",
                    "return new Progress(end, end, new long[0]);"),
            new Mutation(
                    "the frontier is one too high",
                    "Progress.java",
                    "return new Progress(all.length == 0 ? end : all[0], end, all);",
                    "return new Progress(all.length == 0 ? end : all[0] + 1, end, all);"),
            new Mutation(
                    "gaps are read off by one",
                    "Progress.java",
                    "open.add(frontier + bit + i);",
                    "open.add(frontier + bit + i + 1);"),
            new Mutation(
                    "gaps are written off by one",
                    "Progress.java",
                    "                write(gaps, offset - from);",
                    "                write(gaps, offset - from + 1);"),
            new Mutation(
                    "gaps from before the restart are forgotten at the first commit",
                    "Progress.java",
                    ".filter(offset -> offset >= position)",
                    ".filter(offset -> false)"),
            new Mutation(
                    "gaps are not honoured after a restart",
                    "Engine.java",
                    "if (partition.finishedBefore(offset)) {",
                    "if (false) {"),
            new Mutation(
                    "offsets without a record are not committed",
                    "Partition.java",
                    "            position = next;\n            changes++;",
                    "            position = next;"),
            new Mutation(
                    "the epoch is not checked when a call ends",
                    "Engine.java",
                    "if (each.partition.draining || each.partition.released) {",
                    "if (each.partition.draining) {"),
            new Mutation(
                    "a revoked partition is handed over with the records in the queue",
                    "Engine.java",
                    "        flushLingering(now);\n        letGo(known(sources), now);",
                    "        flushLingering(now);"),
            new Mutation("what lingers is lost on a revocation", "Engine.java", "        flushLingering(now);\n", ""),
            new Mutation("records of a lost partition stay held", "Engine.java", "        letGo(leaving, now);\n", ""),
            new Mutation(
                    "a retry is not counted as held",
                    "Engine.java",
                    "            effects.retried(record);",
                    "            held--;\n            effects.retried(record);"),
            new Mutation(
                    "more is polled than may be held",
                    "Engine.java",
                    "return held + shares.step() <= bounds.maxHeld() && budget.reserve();",
                    "return budget.reserve();"),
            new Mutation(
                    "more bytes are polled than may be held",
                    "Engine.java",
                    "return held + shares.step() <= bounds.maxHeld() && budget.reserve();",
                    "return held + shares.step() <= bounds.maxHeld();"),
            new Mutation("the pause is lost on reassignment", "Loop.java", "        client.fetchOnly(Set.of());\n", ""),
            new Mutation(
                    "bisecting skips a record",
                    "Engine.java",
                    "                take(lane, taken);\n                head = lane.head();",
                    "                take(lane, taken);\n                lane.removeFirst();\n                head = lane.head();"),
            new Mutation("bisecting charges the last neighbour", "Engine.java", "if (size == 1) {", "if (size <= 2) {"),
            new Mutation(
                    "bisecting does not get smaller",
                    "Engine.java",
                    "each.trouble().company = (size + 1) / 2;",
                    "each.trouble().company = size;"),
            new Mutation(
                    "what an answer did not reach is drawn into large batches again",
                    "Engine.java",
                    "                if (head.suspect()) {\n                    break;",
                    "                if (false) {\n                    break;"),
            new Mutation(
                    "bisected batches have no bound of bytes",
                    "Engine.java",
                    "(others == 0 || bytes + suspect.bytes <= bounds.maxBytes())",
                    "(others == 0 || bytes >= 0)"),
            new Mutation(
                    "a lane is freed when its call is given up",
                    "Engine.java",
                    "                effects.closed(call);",
                    "                effects.closed(call);\n                schedule(call.records().getFirst().lane, now);"),
            new Mutation(
                    "a given-up call keeps its place in flight",
                    "Engine.java",
                    "                call.counted = false;\n                inFlight--;\n                effects.closed(call);",
                    "                effects.closed(call);"),
            new Mutation(
                    "a failed call comes back in the wrong order",
                    "Engine.java",
                    "for (int i = records.size() - 1; i >= 0; i--) {",
                    "for (int i = 0; i < records.size(); i++) {"),
            new Mutation("a retry does not wait", "Engine.java", "if (head.notBefore() > now) {", "if (false) {"),
            new Mutation(
                    "an attempt too many",
                    "Engine.java",
                    "if (trouble.attempts >= bounds.attempts()) {",
                    "if (trouble.attempts > bounds.attempts()) {"),
            new Mutation(
                    "everybody behind a failed record pays",
                    "Engine.java",
                    "if (unfinished.isEmpty()) {",
                    "if (true) {"),
            new Mutation(
                    "a failed send to the dead-letter topic counts as done",
                    "Engine.java",
                    "        backToLane(record.lane, List.of(record), now);",
                    "        finish(record, Ending.DEAD_LETTER);\n        schedule(record.lane, now);"),
            new Mutation(
                    "everybody tries whether an outage is over",
                    "Engine.java",
                    "(now >= away.until && inFlight == 0)",
                    "now >= away.until"),
            new Mutation(
                    "a failed commit is not made again",
                    "Engine.java",
                    "            each.committedChanges = -1;",
                    "            each.changes += 0;"),
            new Mutation(
                    "nothing is committed after a failed commit",
                    "Loop.java",
                    "            committing = false;\n            if (!arrived) {",
                    "            committing = !arrived;\n            if (!arrived) {"),
            new Mutation(
                    "a move is not told again when its commit got lost",
                    "Loop.java",
                    "            engine.commitFailed(starts.keySet());\n",
                    ""),
            new Mutation(
                    "a call is given up without an interrupt",
                    "Engine.java",
                    "                effects.interrupt(call);\n",
                    ""),
            new Mutation(
                    "a revocation does not wait for calls",
                    "Loop.java",
                    "while (left > 0 && !drained(sources)) {",
                    "while (left > drain && !drained(sources)) {"),
            new Mutation(
                    "a revocation has no end",
                    "Loop.java",
                    "            left = drain - (clock.getAsLong() - started);",
                    "            left = drain;"),
            new Mutation(
                    "a revocation does not commit",
                    "Loop.java",
                    "            client.commitNow(last);",
                    "            last.clear();"),
            new Mutation(
                    "a purged lane loses what is still ours",
                    "Lane.java",
                    "if (each.stage != Held.Stage.GONE) {",
                    "if (each.stage == Held.Stage.RUNNING) {"),
            new Mutation(
                    "the loop never rests where the clock is below zero",
                    "Loop.java",
                    "next = due == Long.MAX_VALUE ? due : due - now;",
                    "next = due - now;"),
            new Mutation(
                    "what comes after a split or a join waits for nothing",
                    "Phases.java",
                    "return of.phases.peekFirst() != this;",
                    "return false;"),
            new Mutation(
                    "a split or a join waits for the last record but one",
                    "Engine.java",
                    "phase != null && --phase.held == 0",
                    "phase != null && --phase.held <= 1"),
            new Mutation(
                    "a call that outlives its partition holds up no split or join",
                    "Engine.java",
                    "            partitions.remove(each.source);",
                    """
                            partitions.remove(each.source);
                            for (Held<R> held = each.first(); held != null; held = held.after) {
                                if (held.stage == Held.Stage.RUNNING && held.lane.phase != null) {
                                    over(held.lane.phase);
                                }
                            }"""),
            new Mutation("lanes of two phases are one", "Phases.java", "Phase<R> newest = phases.peekLast();", """
                    Phase<R> newest = phases.stream()
                            .filter(each -> each.split == (part != null))
                            .findFirst()
                            .orElse(phases.peekLast());"""),
            new Mutation(
                    "what waited for a split or a join is forgotten",
                    "Engine.java",
                    "            opened.add(following);",
                    "            opened.size();"),
            new Mutation(
                    "what waited for a partition that is lost is forgotten",
                    "Engine.java",
                    "        open(now);\n    }\n\n    // Records come in.",
                    "        opened.clear();\n    }\n\n    // Records come in."),
            new Mutation(
                    "a wish beyond all time comes at once",
                    "Engine.java",
                    "now + Math.min(Math.max(0, nanos), tooOld - now)",
                    "Math.min(now + Math.max(0, nanos), tooOld)"));

    @ParameterizedTest
    @FieldSource("MUTATIONS")
    void the_simulation_sees_that(Mutation mutation) throws ReflectiveOperationException, java.io.IOException {
        Mutant mutant = new Mutant(mutation);
        for (int seed = 1; seed <= MOST_SEEDS; seed++) {
            String broken = mutant.run(seed);
            if (broken != null) {
                System.out.println(mutation + ": seen after " + seed + " seeds: " + broken);
                return;
            }
        }
        assertThat(mutation).as("not seen in %s seeds", MOST_SEEDS).isNull();
    }
}
