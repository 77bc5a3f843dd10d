package mallstream.order.application.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import mallstream.order.application.port.in.ApplyChannelOrders.ChannelOrder;
import mallstream.order.application.port.in.ApplyChannelOrders.Source;
import mallstream.order.application.port.in.Outcome;
import mallstream.order.application.port.in.ReadOrder;
import mallstream.order.application.port.in.ReadOrder.Found;
import mallstream.order.application.port.out.ReadChannelOrder;
import mallstream.order.model.Change;
import mallstream.order.model.Channel;
import mallstream.order.model.Goods;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.LineId;
import mallstream.order.model.LineStatus;
import mallstream.order.model.LineStatus.Live;
import mallstream.order.model.MallId;
import mallstream.order.model.Meaning;
import mallstream.order.model.OrderNo;
import mallstream.order.model.OrderOwners;
import mallstream.order.model.Position;
import mallstream.order.model.Purchase;
import mallstream.order.model.Report;
import mallstream.order.model.Unreadable;
import mallstream.order.testing.InMemoryOrders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApplyingChannelOrdersTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final InMemoryOrders orders = new InMemoryOrders();
    private final ApplyingChannelOrders apply = new ApplyingChannelOrders(
            List.of(new WordReader(Channel.GODOMALL), new WordReader(Channel.SHOPBY)),
            orders,
            orders.codeMappings(),
            new OrderOwners(Map.of(), Set.of()),
            orders,
            Clock.fixed(NOW, ZoneOffset.UTC));
    private final ReadingOrders read = new ReadingOrders(orders, orders);

    @Test
    void each_order_gets_its_outcome_in_its_place() {
        assertThat(apply.apply(List.of(
                        order("mall-1", 0, "not-json"),
                        order("mall-1", 1, "1 PAID"),
                        order("mall-2", 2, "no-number"),
                        order("mall-1", 1, "1 PAID"),
                        new ChannelOrder(
                                Channel.NAVERPAY, new MallId("mall-1"), new byte[0], NOW, new Source("topic", 0, 3)))))
                .containsExactly(
                        new Outcome.Refused("malformed-json"),
                        new Outcome.Done(),
                        new Outcome.Refused("no-order-number"),
                        new Outcome.AlreadyDone(),
                        new Outcome.Refused("unknown-channel"));
    }

    @Test
    void changes_of_one_order_in_one_list_follow_each_other() {
        apply.apply(List.of(
                order("mall-1", 0, "1 CREATED"),
                order("mall-2", 1, "1 CREATED"),
                order("mall-1", 2, "1 PAID"),
                order("mall-1", 3, "1 PREPARING")));
        assertThat(found("mall-1", "1", null).history())
                .extracting(HistoryEntry::from, HistoryEntry::to, HistoryEntry::source)
                .containsExactly(
                        tuple(null, Live.CREATED, new Position("topic", 0, 0)),
                        tuple(Live.CREATED, Live.PAID, new Position("topic", 0, 2)),
                        tuple(Live.PAID, Live.PREPARING, new Position("topic", 0, 3)));
        assertThat(found("mall-2", "1", null).order().status()).hasValue(Live.CREATED);
    }

    @Test
    void a_position_that_comes_again_writes_no_history() {
        List<ChannelOrder> batch = List.of(order("mall-1", 0, "1 CREATED"), order("mall-1", 1, "1 PAID"));
        apply.apply(batch);
        Found.One before = found("mall-1", "1", null);
        assertThat(apply.apply(batch)).containsExactly(new Outcome.AlreadyDone(), new Outcome.AlreadyDone());
        assertThat(found("mall-1", "1", null)).isEqualTo(before);
    }

    @Test
    void what_cannot_be_read_is_parked_and_the_order_is_done() {
        assertThat(apply.apply(List.of(order("mall-1", 0, "1 SOMETHING")))).containsExactly(new Outcome.Done());
        Found.One found = found("mall-1", "1", null);
        assertThat(found.order().status()).isEmpty();
        assertThat(found.history())
                .containsExactly(new HistoryEntry(
                        found.order().id(),
                        new Position("topic", 0, 0),
                        0,
                        HistoryEntry.Kind.PARKED,
                        "unknown-code",
                        new LineId("a"),
                        null,
                        null,
                        null,
                        "SOMETHING",
                        null,
                        NOW,
                        null));
    }

    @Test
    void an_order_of_too_many_parts_is_parked_whole() {
        apply.apply(List.of(order("mall-1", 0, "1" + " PAID".repeat(ApplyingChannelOrders.MOST_PARTS + 1))));
        assertThat(found("mall-1", "1", null).history())
                .singleElement()
                .extracting(HistoryEntry::reason, HistoryEntry::raw)
                .containsExactly("too-many-parts", "parts=1001");
    }

    @Test
    void what_is_said_of_an_order_that_belongs_to_another_channel_is_kept_and_changes_nothing() {
        ApplyingChannelOrders pulled = new ApplyingChannelOrders(
                List.of(new WordReader(Channel.NAVERPAY), new WordReader(Channel.SHOPBY)),
                orders,
                orders.codeMappings(),
                new OrderOwners(Map.of(), Set.of(new MallId("mall-1"))),
                orders,
                Clock.fixed(NOW, ZoneOffset.UTC));
        pulled.apply(List.of(
                of(Channel.SHOPBY, 0, "naver-1 PAID"),
                of(Channel.SHOPBY, 1, "2 PAID"),
                of(Channel.NAVERPAY, 2, "3 PAID")));
        Found.One other = found("mall-1", "naver-1", Channel.SHOPBY);
        assertThat(other.order().lines()).isEmpty();
        assertThat(other.history())
                .singleElement()
                .extracting(HistoryEntry::kind, HistoryEntry::reason, HistoryEntry::to)
                .containsExactly(HistoryEntry.Kind.IGNORED, "of-another-channel", Live.PAID);
        assertThat(found("mall-1", "2", Channel.SHOPBY).order().status()).hasValue(Live.PAID);
        assertThat(found("mall-1", "3", Channel.NAVERPAY).order().status()).hasValue(Live.PAID);
    }

    private static ChannelOrder of(Channel channel, long offset, String body) {
        return new ChannelOrder(
                channel, new MallId("mall-1"), body.getBytes(UTF_8), NOW, new Source("topic", 0, offset));
    }

    @Test
    void a_number_of_two_channels_is_read_by_naming_the_channel() {
        apply.apply(List.of(order("mall-1", 0, "1 PAID")));
        apply.apply(List.of(new ChannelOrder(
                Channel.SHOPBY, new MallId("mall-1"), "1 SHIPPING".getBytes(UTF_8), NOW, new Source("topic", 0, 1))));
        assertThat(read.read(new MallId("mall-1"), new OrderNo("1"), null))
                .isEqualTo(new Found.Several(List.of(Channel.GODOMALL, Channel.SHOPBY)));
        assertThat(found("mall-1", "1", Channel.SHOPBY).order().status()).hasValue(Live.SHIPPING);
        assertThat(read.read(new MallId("mall-1"), new OrderNo("2"), null)).isEqualTo(new Found.None());
        assertThat(read.read(new MallId("mall-1"), new OrderNo("1"), Channel.NAVERPAY))
                .isEqualTo(new Found.None());
    }

    private Found.One found(String mall, String orderNo, @Nullable Channel channel) {
        ReadOrder.Found found = read.read(new MallId(mall), new OrderNo(orderNo), channel);
        return (Found.One) found;
    }

    private static ChannelOrder order(String mall, long offset, String body) {
        return new ChannelOrder(
                Channel.GODOMALL,
                new MallId(mall),
                body.getBytes(UTF_8),
                NOW.plusSeconds(offset),
                new Source("topic", 0, offset));
    }

    /** A channel whose orders are a number and statuses of one line, in words. */
    private record WordReader(Channel channel) implements ReadChannelOrder {
        @Override
        public Reading read(byte[] body, Instant recordedAt) {
            List<String> words = List.of(new String(body, UTF_8).split(" "));
            return switch (words.getFirst()) {
                case "not-json" -> new Reading.NotJson();
                case "no-number" -> new Reading.NoOrderNumber();
                default ->
                    new Reading.Read(
                            new OrderNo(words.getFirst()),
                            words.getFirst().startsWith("naver-"),
                            Purchase.UNKNOWN,
                            IntStream.range(1, words.size())
                                    .mapToObj(index -> report(words.get(index), recordedAt))
                                    .toList());
            };
        }

        @Override
        public Set<String> codes() {
            return Set.of();
        }

        @Override
        public Optional<OrderNo> orderNo(byte[] body) {
            return Optional.empty();
        }

        @Override
        public Report readAgain(Unreadable unreadable, Map<String, Meaning> codes) {
            return codes.get(unreadable.raw()) instanceof Meaning.Fulfilment known && unreadable.lineId() != null
                    ? new Change(
                            unreadable.lineId(),
                            new Change.Effect.Stands(known.status(), null),
                            Objects.requireNonNull(unreadable.changedAt()),
                            Goods.UNKNOWN,
                            unreadable.raw())
                    : unreadable;
        }

        private static Report report(String word, Instant recordedAt) {
            LineId line = new LineId("a");
            return word.equals("SOMETHING")
                    ? new Unreadable(line, null, "unknown-code", word)
                    : new Change(
                            line, new Change.Effect.Stands(LineStatus.of(word), null), recordedAt, Goods.UNKNOWN, word);
        }
    }
}
