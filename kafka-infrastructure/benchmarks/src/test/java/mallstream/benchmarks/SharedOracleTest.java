package mallstream.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedOracleTest {
    private static final byte[] FIRST = new Event(0, 1, 0, 0).valueBytes();
    private static final byte[] SECOND = new Event(1, 1, 1, 0).valueBytes();

    @Test
    void a_key_that_runs_in_two_members_is_an_overlap(@TempDir Path folder) {
        SharedOracle one = member(folder, 0);
        SharedOracle other = member(folder, 1);
        one.begins(FIRST, 1);
        other.begins(SECOND, 2);
        assertThat(one.overlaps()).isEqualTo(1);
    }

    @Test
    void so_is_a_record_that_runs_in_two_members(@TempDir Path folder) {
        SharedOracle one = member(folder, 0);
        SharedOracle other = member(folder, 1);
        one.begins(FIRST, 1);
        other.begins(FIRST, 1);
        assertThat(one.overlaps()).isEqualTo(1);
    }

    @Test
    void one_after_the_other_is_none_and_each_member_counts_its_own(@TempDir Path folder) {
        SharedOracle one = member(folder, 0);
        SharedOracle other = member(folder, 1);
        one.begins(FIRST, 1);
        one.ends(FIRST, 1);
        other.begins(SECOND, 2);
        other.ends(SECOND, 2);
        other.begins(SECOND, 2);
        other.ends(SECOND, 2);
        assertThat(one.overlaps()).isZero();
        assertThat(one.ended(0)).isEqualTo(1);
        assertThat(one.ended(1)).isEqualTo(2);
        assertThat(one.endedAtLeast(1)).isEqualTo(2);
        assertThat(one.endedAtLeast(2)).isEqualTo(1);
    }

    private static SharedOracle member(Path folder, int number) {
        return new SharedOracle(folder.resolve("oracle"), 10, 2, number);
    }
}
