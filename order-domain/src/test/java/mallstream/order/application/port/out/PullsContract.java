package mallstream.order.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import mallstream.order.model.MallId;
import mallstream.order.model.PullCursor;
import mallstream.order.model.PullPlan;
import mallstream.order.model.PullProgress;
import mallstream.order.model.PullWindow;
import org.junit.jupiter.api.Test;

/** What every {@link Pulls} does: the fake and the database both sit this test. */
public abstract class PullsContract {
    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final PullPlan.Account ACCOUNT = new PullPlan.Account(new MallId("mall-1"), SINCE);
    private static final PullPlan.Account OTHER = new PullPlan.Account(new MallId("mall-2"), SINCE.plusSeconds(60));

    /** Nobody's pulls. */
    protected abstract Pulls pulls();

    /** The transactions of these pulls. */
    protected abstract Transactions transactions();

    @Test
    void an_account_that_nobody_has_heard_of_begins() {
        assertThat(of(ACCOUNT)).isEqualTo(PullProgress.begin(ACCOUNT));
        assertThat(of(OTHER).watermark()).isEqualTo(OTHER.since());
    }

    @Test
    void what_was_stored_comes_back_with_the_next_version() {
        PullWindow window = new PullWindow(
                SINCE, SINCE.plusSeconds(3600), 7, 2, new PullCursor(SINCE.plusMillis(1), "2022051122443341"));
        PullProgress began = of(ACCOUNT);
        assertThat(save(began.pulling(window).failing(SINCE.plusSeconds(9), "it rests", "trace-1")))
                .isTrue();
        assertThat(of(ACCOUNT))
                .isEqualTo(new PullProgress(
                        ACCOUNT.mallId(), 1, SINCE, window, SINCE.plusSeconds(9), 1, "it rests", "trace-1"));
        assertThat(of(OTHER)).isEqualTo(PullProgress.begin(OTHER));
        assertThat(save(of(ACCOUNT).pulling(new PullWindow(SINCE, SINCE.plusSeconds(5)))))
                .isTrue();
        assertThat(of(ACCOUNT).window()).isEqualTo(new PullWindow(SINCE, SINCE.plusSeconds(5)));
        assertThat(save(of(ACCOUNT).stored(window, SINCE.plusSeconds(7200)).working()))
                .isTrue();
        assertThat(of(ACCOUNT))
                .isEqualTo(new PullProgress(
                        ACCOUNT.mallId(), 3, SINCE.plusSeconds(3600), null, SINCE.plusSeconds(9), 0, null, null));
    }

    @Test
    void of_two_who_go_on_from_the_same_place_the_second_stores_nothing() {
        PullProgress began = of(ACCOUNT);
        assertThat(save(began.restingUntil(SINCE))).isTrue();
        assertThat(save(began.restingUntil(SINCE.plusSeconds(60)))).isFalse();
        assertThat(of(ACCOUNT).dueAt()).isEqualTo(SINCE);
        PullProgress second = of(ACCOUNT);
        assertThat(save(second.restingUntil(SINCE.plusSeconds(1)))).isTrue();
        assertThat(save(second.restingUntil(SINCE.plusSeconds(2)))).isFalse();
        assertThat(save(began.restingUntil(SINCE.plusSeconds(3)))).isFalse();
        assertThat(of(ACCOUNT).dueAt()).isEqualTo(SINCE.plusSeconds(1));
        assertThat(of(ACCOUNT).version()).isEqualTo(2);
    }

    private PullProgress of(PullPlan.Account account) {
        return transactions().inOne(() -> pulls().of(account));
    }

    private boolean save(PullProgress progress) {
        return transactions().inOne(() -> pulls().save(progress));
    }
}
