package mallstream.kafka.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mallstream.kafka.consume.ConsumerGroupId;
import mallstream.kafka.consume.Decoder;
import mallstream.kafka.consume.HotKeys;
import mallstream.kafka.consume.InfrastructureUnavailable;
import mallstream.kafka.consume.Result;
import mallstream.kafka.consume.Subscription;
import mallstream.order.application.port.in.ApplyChannelOrders.ChannelOrder;
import mallstream.order.application.port.in.ApplyChannelOrders.Source;
import mallstream.order.application.port.in.Outcome;
import mallstream.order.model.Channel;
import mallstream.order.model.MallId;
import mallstream.order.model.Unavailable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderBindingsTest {
    private final List<ChannelOrder> applied = new ArrayList<>();
    private final OrderBindings bindings = new OrderBindings(
            orders -> {
                applied.addAll(orders);
                if (orders.getFirst().mallId().value().equals("away")) {
                    throw new Unavailable("database", new IllegalStateException());
                }
                return orders.stream()
                        .<Outcome>map(order -> new Outcome.Refused("no-order-number"))
                        .toList();
            },
            new OneHotMall());

    @Test
    void a_mall_is_a_lane_and_an_order_is_one_where_somebody_chose_that() {
        var finer = Objects.requireNonNull(shopby().finer());
        assertThat(finer.apply(received("cold-mall"))).isNull();
        assertThat(finer.apply(received(null))).isNull();
        assertThat(finer.apply(received("hot-mall"))).isEqualTo("SHOPBY hot-mall 8");
    }

    @Test
    void a_mall_whose_orders_run_side_by_side_already_gets_no_advice() {
        HotKeys hot = Objects.requireNonNull(shopby().hotKeys());
        assertThat(hot.remedy().apply("hot-mall")).isNull();
        assertThat(hot.remedy().apply("cold-mall")).contains("POST /actuator/orders/lanes/cold-mall");
    }

    @SuppressWarnings("unchecked") // Both bindings are of this type.
    private Subscription<ChannelOrder> shopby() {
        return (Subscription<ChannelOrder>) bindings.all().getLast();
    }

    private static Decoder.Received received(@Nullable String key) {
        return Decoder.Received.of(
                new ConsumerRecord<>(
                        "order.shopby.changed",
                        3,
                        42,
                        key == null ? null : key.getBytes(UTF_8),
                        "not JSON".getBytes(UTF_8)),
                ConsumerGroupId.of("order", "any"));
    }

    @Test
    void each_channel_has_a_group_of_its_own_and_reads_what_is_retained() {
        assertThat(bindings.all())
                .extracting(each -> each.group().value() + " " + each.topic() + " " + each.startsAt())
                .containsExactly(
                        "mallstream.order.godomall order.godomall.changed RETAINED",
                        "mallstream.order.shopby order.shopby.changed RETAINED");
    }

    @Test
    void bytes_are_handed_on_as_they_are_with_mall_time_and_place() throws Decoder.Malformed {
        ChannelOrder order = shopby().decoder().decode(received("mall-1"));
        assertThat(order.channel()).isEqualTo(Channel.SHOPBY);
        assertThat(order.mallId()).isEqualTo(new MallId("mall-1"));
        assertThat(order.body()).isEqualTo("not JSON".getBytes(UTF_8));
        assertThat(order.source()).isEqualTo(new Source("order.shopby.changed", 3, 42));
        assertThat(shopby().handler().handle(List.of(order))).containsExactly(new Result.Refused("no-order-number"));
        assertThat(applied).containsExactly(order);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "Mall", "mall_1", "-mall", "0123456789012345678901234567890123456789x"})
    void a_key_that_is_no_mall_is_malformed(@Nullable String key) {
        assertThatThrownBy(() -> shopby().decoder().decode(received(key)))
                .isInstanceOf(Decoder.Malformed.class)
                .hasMessage("bad-mall-key");
    }

    @Test
    void the_domains_unavailable_becomes_the_engines() throws Decoder.Malformed {
        ChannelOrder order = shopby().decoder().decode(received("away"));
        assertThatThrownBy(() -> shopby().handler().handle(List.of(order)))
                .isInstanceOf(InfrastructureUnavailable.class);
    }

    @Test
    void malls_may_be_shown_to_operators_with_what_can_be_done_and_nothing_else_may() {
        HotKeys malls = Objects.requireNonNull(shopby().hotKeys());
        assertThat(malls.what()).isEqualTo("mall");
        assertThat(malls.shows().test("mall-1")).isTrue();
        assertThat(malls.shows().test("010-1234-5678 Hong")).isFalse();
        assertThat(malls.remedy().apply("mall-1"))
                .isEqualTo("lanes per order would let its orders run side by side:"
                        + " POST /actuator/orders/lanes/mall-1 {\"lanes\":\"order\"}");
    }
}
