package mallstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;

class BudgetSettingsTest {
    private static final DataSize HEAP = DataSize.ofBytes(Runtime.getRuntime().maxMemory());

    private final MockEnvironment environment = new MockEnvironment();

    private DataSize read() {
        return Binder.get(environment)
                .bindOrCreate("mallstream.budget", BudgetSettings.class)
                .bytes();
    }

    @Test
    void nothing_set_means_a_quarter_of_the_heap() {
        assertThat(read()).isEqualTo(DataSize.ofBytes(HEAP.toBytes() / 4));
    }

    @Test
    void a_quarter_keeps_to_the_range() {
        assertThat(BudgetSettings.defaultFor(DataSize.ofMegabytes(512))).isEqualTo(DataSize.ofMegabytes(128));
        assertThat(BudgetSettings.defaultFor(DataSize.ofMegabytes(16))).isEqualTo(DataSize.ofMegabytes(8));
        assertThat(BudgetSettings.defaultFor(DataSize.ofTerabytes(9))).isEqualTo(DataSize.ofTerabytes(1));
    }

    @Test
    void what_is_set_holds() {
        environment.setProperty("mallstream.budget.bytes", "8MB");
        assertThat(read()).isEqualTo(DataSize.ofMegabytes(8));
    }

    @Test
    void a_size_out_of_range_is_refused_by_its_name() {
        assertThatThrownBy(() -> new BudgetSettings(DataSize.ofBytes(8 * 1024 * 1024 - 1)))
                .hasMessage("bytes: must be 8MB to 1TB");
        assertThatThrownBy(() -> new BudgetSettings(
                        DataSize.ofBytes(DataSize.ofTerabytes(1).toBytes() + 1)))
                .hasMessage("bytes: must be 8MB to 1TB");
    }

    @Test
    void more_than_the_heap_would_bound_nothing() {
        assertThatThrownBy(() -> new BudgetSettings(DataSize.ofBytes(HEAP.toBytes() + 1)))
                .hasMessage("bytes: must not exceed the largest heap, " + HEAP.toMegabytes() + "MB; -Xmx sets it");
    }
}
