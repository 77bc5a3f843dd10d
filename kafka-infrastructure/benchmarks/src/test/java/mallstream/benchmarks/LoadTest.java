package mallstream.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadTest {

    @Test
    void a_load_is_the_same_each_time_and_in_another_process() {
        Load load = new Load(1000, 100, Keys.ZIPF);
        assertThat(events(Load.of(load.word()))).isEqualTo(events(load));
    }

    @Test
    void a_record_says_the_same_after_its_way_through_a_topic() {
        for (Event event : events(new Load(100, 10, Keys.UNIFORM))) {
            assertThat(Event.of(event.valueBytes())).isEqualTo(event);
        }
    }

    @Test
    void one_hot_key_has_60_percent_of_the_records() {
        assertThat(shareOfFirstKey(Keys.HOT)).isEqualTo(0.6, within(0.02));
    }

    @Test
    void without_the_hot_key_it_has_none() {
        assertThat(shareOfFirstKey(Keys.COLD)).isZero();
    }

    @Test
    void the_first_of_1000_keys_leads_by_zipfs_law() {
        assertThat(shareOfFirstKey(Keys.ZIPF)).isEqualTo(0.18, within(0.02));
    }

    @Test
    void uniform_keys_have_all_the_same_share() {
        assertThat(shareOfFirstKey(Keys.UNIFORM)).isEqualTo(0.001, within(0.001));
    }

    private static double shareOfFirstKey(Keys keys) {
        List<Event> events = events(new Load(20_000, 1000, keys));
        return (double) events.stream().filter(each -> each.key() == 0).count() / events.size();
    }

    private static List<Event> events(Load load) {
        List<Event> events = new ArrayList<>();
        load.forEach(events::add);
        return events;
    }
}
