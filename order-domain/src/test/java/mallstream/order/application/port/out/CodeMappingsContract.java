package mallstream.order.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import mallstream.order.model.Channel;
import mallstream.order.model.CodeMapping;
import mallstream.order.model.Meaning;
import org.junit.jupiter.api.Test;

/** What every {@link CodeMappings} does: the fake and the database both sit this test. */
public abstract class CodeMappingsContract {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    /** Empty mappings. */
    protected abstract CodeMappings mappings();

    /** The transactions of these mappings. */
    protected abstract Transactions transactions();

    @Test
    void a_code_belongs_to_its_channel_and_its_last_meaning_counts() {
        CodeMapping shipping = mapping(Channel.GODOMALL, "x9", "SHIPPING");
        CodeMapping held = mapping(Channel.GODOMALL, "x9", "RETURN_HELD");
        CodeMapping other = mapping(Channel.SHOPBY, "x9", "PAID");
        transactions().inOne(() -> {
            mappings().put(shipping);
            mappings().put(other);
            mappings().put(held);
            return held;
        });
        assertThat(transactions().inOne(() -> mappings().of(Channel.GODOMALL))).isEqualTo(Map.of("x9", held.means()));
        assertThat(transactions().inOne(() -> mappings().of(Channel.NAVERPAY))).isEmpty();
        assertThat(transactions().inOne(() -> mappings().all())).containsExactly(held, other);
    }

    private static CodeMapping mapping(Channel channel, String code, String means) {
        return new CodeMapping(channel, code, Meaning.of(means), "operator", NOW);
    }
}
