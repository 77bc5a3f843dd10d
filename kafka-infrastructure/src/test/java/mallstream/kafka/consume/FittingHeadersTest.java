package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class FittingHeadersTest {
    private final RecordHeaders headers = new RecordHeaders();

    private RecordHeaders fitting(int most) {
        return FittingHeaders.of(headers, null, new byte[1000], most);
    }

    private static Stream<String> names(RecordHeaders some) {
        return Stream.of(some.toArray()).map(Header::key);
    }

    @Test
    void what_fits_is_left_as_it_is() {
        headers.add("a", new byte[100]).add("b", null);
        assertThat(fitting(1400)).isSameAs(headers);
        assertThat(headers.lastHeader(DeadLetterHeaders.DROPPED)).isNull();
    }

    @Test
    void the_largest_of_the_source_are_left_out_first() {
        headers.add("a", new byte[10])
                .add("b", new byte[400])
                .add(DeadLetterHeaders.ATTEMPTS, new byte[900])
                .add("c", new byte[300])
                .add("d", new byte[20]);
        RecordHeaders fitting = fitting(2500);
        assertThat(names(fitting))
                .containsExactly("a", DeadLetterHeaders.ATTEMPTS, "c", "d", DeadLetterHeaders.DROPPED);
        assertThat(DeadLetterHeaders.count(fitting, DeadLetterHeaders.DROPPED)).isEqualTo(1);
        assertThat(names(fitting(2200)))
                .containsExactly("a", DeadLetterHeaders.ATTEMPTS, "d", DeadLetterHeaders.DROPPED);
    }

    @Test
    void of_headers_with_one_name_and_one_value_only_as_many_are_left_out_as_it_takes() {
        headers.add("a", new byte[100]).add("a", new byte[100]).add("a", new byte[100]);
        assertThat(names(fitting(1450))).containsExactly("a", "a", DeadLetterHeaders.DROPPED);
    }

    @Test
    void ours_stay_even_where_it_does_not_fit_and_what_was_left_out_before_counts() {
        headers.add(DeadLetterHeaders.DROPPED, "2".getBytes(UTF_8))
                .add("a", new byte[1])
                .add(DeadLetterHeaders.REPLAYS, new byte[1]);
        RecordHeaders fitting = fitting(1);
        assertThat(names(fitting)).containsExactly(DeadLetterHeaders.REPLAYS, DeadLetterHeaders.DROPPED);
        assertThat(DeadLetterHeaders.count(fitting, DeadLetterHeaders.DROPPED)).isEqualTo(3);
    }
}
