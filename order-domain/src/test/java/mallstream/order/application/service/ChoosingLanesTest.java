package mallstream.order.application.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mallstream.order.adapter.out.godomall.GodomallReaders;
import mallstream.order.model.Channel;
import mallstream.order.model.Lanes;
import mallstream.order.model.MallId;
import mallstream.order.model.MallLanes;
import mallstream.order.model.OrderOwners;
import mallstream.order.model.OrderSettings;
import mallstream.order.testing.InMemoryOrders;
import org.junit.jupiter.api.Test;

class ChoosingLanesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final MallId HOT = new MallId("hot-mall");
    private static final byte[] ORDER = "{\"orderNo\":\"17\",\"orderStatus\":\"p1\"}".getBytes(UTF_8);

    private final InMemoryOrders orders = new InMemoryOrders();
    private final ChoosingLanes lanes = lanes(Map.of());

    @Test
    void a_mall_is_one_lane_until_somebody_chooses_otherwise() {
        assertThat(lanes.sideBySide("hot-mall")).isFalse();
        lanes.choose(HOT, Lanes.ORDER, "operator");
        assertThat(lanes.sideBySide("hot-mall")).isTrue();
        assertThat(lanes.sideBySide("cold-mall")).isFalse();
        lanes.choose(HOT, Lanes.MALL, "operator");
        assertThat(lanes.sideBySide("hot-mall")).isFalse();
    }

    @Test
    void an_order_is_a_lane_and_bodies_that_name_none_are_one_together() {
        assertThat(lanes.within(Channel.GODOMALL, "hot-mall", ORDER)).isEqualTo("17");
        assertThat(lanes.within(Channel.GODOMALL, "hot-mall", new byte[0])).isEqualTo("?");
        assertThat(lanes.within(Channel.NAVERPAY, "hot-mall", ORDER)).isEqualTo("?");
    }

    @Test
    void a_choice_goes_before_the_settings_and_reaches_the_other_instances() {
        ChoosingLanes other = lanes(Map.of("hot-mall", "order", "warm-mall", "order"));
        assertThat(other.sideBySide("hot-mall")).isTrue();
        lanes.choose(HOT, Lanes.MALL, "operator");
        other.refresh();
        assertThat(other.sideBySide("hot-mall")).isFalse();
        assertThat(other.chosen())
                .containsExactly(
                        new MallLanes(HOT, Lanes.MALL, "operator", NOW),
                        new MallLanes(new MallId("warm-mall"), Lanes.ORDER, null, null));
    }

    @Test
    void settings_are_refused_in_words() {
        assertThatThrownBy(() -> new OrderSettings(null, Map.of("mall-1", "both")))
                .hasMessage("lanes: must be mall ids, each with one of [mall, order]");
        assertThatThrownBy(() -> new OrderSettings(Map.of("Mall_1", "shopby"), null))
                .hasMessage("owner: must be mall ids, each with one of [godomall, shopby, naverpay]");
    }

    @Test
    void the_pull_owns_naver_pay_orders_where_there_is_one_unless_a_setting_says_otherwise() {
        MallId chosen = new MallId("chosen");
        MallId pulled = new MallId("pulled");
        OrderOwners owners = new OrderSettings(Map.of("chosen", "shopby"), null).owners(Set.of(chosen, pulled));
        assertThat(owners.counts(Channel.NAVERPAY, pulled)).isTrue();
        assertThat(owners.counts(Channel.SHOPBY, pulled)).isFalse();
        assertThat(owners.counts(Channel.NAVERPAY, chosen)).isFalse();
        assertThat(owners.counts(Channel.SHOPBY, chosen)).isTrue();
        assertThat(owners.counts(Channel.GODOMALL, chosen)).isFalse();
        assertThat(owners.counts(Channel.GODOMALL, new MallId("other"))).isTrue();
        assertThat(owners.counts(Channel.NAVERPAY, new MallId("other"))).isFalse();
    }

    private ChoosingLanes lanes(Map<String, String> settings) {
        return new ChoosingLanes(
                List.of(GodomallReaders.reader()),
                orders.laneChoices(),
                new OrderSettings(Map.of(), settings),
                orders,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }
}
