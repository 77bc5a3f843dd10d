package mallstream.benchmarks;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an arm did in a cell. */
final class Result {
    /** Who. */
    final Candidates arm;

    /** What its rounds gave. */
    final List<Round> rounds;

    /** Why there is no figure; null: there is one. */
    @Nullable
    String failed;

    /**
     * @param arm who
     * @param rounds where its rounds go
     */
    Result(Candidates arm, List<Round> rounds) {
        this.arm = arm;
        this.rounds = rounds;
    }

    /** The round with the rate in the middle. */
    Round median() {
        List<Round> sorted = rounds.stream()
                .sorted(Comparator.comparingDouble(each -> each.measured().rate()))
                .toList();
        return sorted.get(sorted.size() / 2);
    }

    /** The lowest rate, in records per second. */
    double least() {
        return rounds.stream().mapToDouble(each -> each.measured().rate()).min().orElse(0);
    }

    /** The highest rate, in records per second. */
    double most() {
        return rounds.stream().mapToDouble(each -> each.measured().rate()).max().orElse(0);
    }

    /** Most records held in any round. */
    int mostHeld() {
        return rounds.stream()
                .mapToInt(each -> each.measured().mostHeld())
                .max()
                .orElse(0);
    }
}
