package mallstream.order.application.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import mallstream.order.application.port.in.HandInOrder.HandedIn;
import mallstream.order.application.port.in.HandInOrder.RepeatKey;
import mallstream.order.model.Channel;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.MallId;
import mallstream.order.model.Unavailable;
import mallstream.order.testing.InMemoryHandInKeys;
import mallstream.order.testing.InMemoryOrders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HandingInOrdersTest {
    private static final MallId MALL = new MallId("mall-1");
    private static final RepeatKey KEY = new RepeatKey("shop", "POST /orders", "key-1");

    private final List<String> published = new ArrayList<>();
    private final InMemoryHandInKeys keys = new InMemoryHandInKeys();
    private boolean brokerDown;
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void an_order_without_a_key_is_published_each_time() {
        assertThat(handIn("{}", null)).isEqualTo(new HandedIn.Published());
        assertThat(handIn("{}", null)).isEqualTo(new HandedIn.Published());
        assertThat(published).hasSize(2);
    }

    @Test
    void the_same_key_and_body_are_published_once() {
        assertThat(handIn("{}", KEY)).isEqualTo(new HandedIn.Published());
        assertThat(handIn("{}", KEY)).isEqualTo(new HandedIn.PublishedBefore());
        assertThat(published).containsExactly("{}");
    }

    @Test
    void the_same_key_with_another_body_publishes_nothing() {
        handIn("{}", KEY);
        assertThat(handIn("{ }", KEY)).isEqualTo(new HandedIn.KeyOfAnotherBody());
        assertThat(published).containsExactly("{}");
    }

    @Test
    void another_caller_or_another_call_may_use_the_same_key() {
        handIn("1", KEY);
        assertThat(handIn("2", new RepeatKey("other", "POST /orders", "key-1"))).isEqualTo(new HandedIn.Published());
        assertThat(handIn("3", new RepeatKey("shop", "POST /other", "key-1"))).isEqualTo(new HandedIn.Published());
        assertThat(published).containsExactly("1", "2", "3");
    }

    @Test
    void a_key_counts_24_hours() {
        handIn("{}", KEY);
        now = now.plus(Duration.ofHours(24)).minusSeconds(1);
        assertThat(handIn("{}", KEY)).isEqualTo(new HandedIn.PublishedBefore());
        assertThat(service().forgetExpired()).isZero();
        now = now.plusSeconds(1);
        assertThat(service().forgetExpired()).isEqualTo(1);
        assertThat(handIn("{}", KEY)).isEqualTo(new HandedIn.Published());
    }

    @Test
    void a_key_whose_order_did_not_reach_the_broker_is_free() {
        brokerDown = true;
        assertThatThrownBy(() -> handIn("{}", KEY)).isInstanceOf(Unavailable.class);
        brokerDown = false;
        assertThat(handIn("{}", KEY)).isEqualTo(new HandedIn.Published());
    }

    @Test
    void a_key_of_another_form_is_refused_without_repeating_it() {
        for (String bad : new String[] {"", "a b", "한글", "x".repeat(256)}) {
            assertThatThrownBy(() -> new RepeatKey("shop", "POST /orders", bad))
                    .isInstanceOf(InvalidValue.class)
                    .hasMessage("Idempotency-Key: must be 1 to 255 visible ASCII characters");
        }
        assertThat(KEY.toString()).doesNotContain("key-1");
    }

    private HandedIn handIn(String body, @Nullable RepeatKey key) {
        return service().handIn(Channel.GODOMALL, MALL, body.getBytes(UTF_8), key);
    }

    private HandingInOrders service() {
        return new HandingInOrders(
                (channel, mallId, body) -> {
                    if (brokerDown) {
                        throw new Unavailable("broker", new IllegalStateException("on purpose"));
                    }
                    published.add(new String(body, UTF_8));
                },
                keys,
                new InMemoryOrders(),
                Clock.fixed(now, ZoneOffset.UTC));
    }
}
