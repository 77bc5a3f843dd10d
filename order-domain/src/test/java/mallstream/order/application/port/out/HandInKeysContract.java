package mallstream.order.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every {@link HandInKeys} does: the fake and the database both sit this test. */
public abstract class HandInKeysContract {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant END = NOW.plusSeconds(60);

    /** No keys. */
    protected abstract HandInKeys keys();

    /** The transactions of these keys. */
    protected abstract Transactions transactions();

    @Test
    void a_key_counts_until_its_end() {
        assertThat(keep("a", "body", NOW, END)).isTrue();
        assertThat(transactions().inOne(() -> keys().bodyUnder("a", END.minusSeconds(1))))
                .hasValue("body");
        assertThat(transactions().inOne(() -> keys().bodyUnder("a", END))).isEmpty();
        assertThat(transactions().inOne(() -> keys().bodyUnder("b", NOW))).isEmpty();
    }

    @Test
    void a_key_that_counts_stays_and_one_that_counts_no_more_is_replaced() {
        assertThat(keep("a", "first", NOW, END)).isTrue();
        assertThat(keep("a", "second", NOW, END)).isFalse();
        assertThat(transactions().inOne(() -> keys().bodyUnder("a", NOW))).hasValue("first");
        assertThat(keep("a", "third", END, END.plusSeconds(60))).isTrue();
        assertThat(transactions().inOne(() -> keys().bodyUnder("a", END))).hasValue("third");
    }

    @Test
    void only_keys_that_count_no_more_are_forgotten() {
        assertThat(keep("a", "body", NOW, END)).isTrue();
        assertThat(keep("b", "body", NOW, END.plusSeconds(1))).isTrue();
        assertThat(transactions().inOne(() -> keys().forget(END))).isEqualTo(1);
        assertThat(transactions().inOne(() -> keys().bodyUnder("b", NOW))).isPresent();
    }

    private boolean keep(String scope, String body, Instant now, Instant until) {
        return transactions().inOne(() -> keys().keep(scope, body, now, until));
    }
}
