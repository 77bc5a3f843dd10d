package mallstream.order.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import mallstream.order.model.Lanes;
import mallstream.order.model.MallId;
import mallstream.order.model.MallLanes;
import org.junit.jupiter.api.Test;

/** What every {@link LaneChoices} does: the fake and the database both sit this test. */
public abstract class LaneChoicesContract {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    /** No choices yet. */
    protected abstract LaneChoices choices();

    /** The transactions of these choices. */
    protected abstract Transactions transactions();

    @Test
    void of_each_mall_the_last_choice_is_kept() {
        MallLanes first = new MallLanes(new MallId("mall-2"), Lanes.ORDER, "one", NOW);
        MallLanes second = new MallLanes(new MallId("mall-2"), Lanes.MALL, "two", NOW.plusSeconds(1));
        MallLanes other = new MallLanes(new MallId("mall-1"), Lanes.ORDER, "one", NOW);
        transactions().inOne(() -> {
            choices().put(first);
            choices().put(other);
            choices().put(second);
            return second;
        });
        assertThat(transactions().inOne(() -> choices().all())).containsExactly(other, second);
    }
}
