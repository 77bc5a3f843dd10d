package mallstream.order.application.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mallstream.order.adapter.out.godomall.GodomallReaders;
import mallstream.order.application.port.in.ApplyChannelOrders.ChannelOrder;
import mallstream.order.application.port.in.ApplyChannelOrders.Source;
import mallstream.order.application.port.in.ParkedChanges.Released;
import mallstream.order.application.port.in.ReadOrder.Found;
import mallstream.order.application.port.out.ReadChannelOrder;
import mallstream.order.model.Channel;
import mallstream.order.model.Claim;
import mallstream.order.model.CodeMapping;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.HistoryEntry.Kind;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.Line;
import mallstream.order.model.LineStatus.Live;
import mallstream.order.model.MallId;
import mallstream.order.model.Meaning;
import mallstream.order.model.OrderNo;
import mallstream.order.model.OrderOwners;
import mallstream.order.model.ParkedChange;
import mallstream.order.model.WhichParked;
import mallstream.order.testing.InMemoryOrders;
import org.junit.jupiter.api.Test;

class ReleasingParkedTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final WhichParked ALL = new WhichParked(null, null, null);
    private static final MallId MALL = new MallId("mall-1");

    private final InMemoryOrders orders = new InMemoryOrders();
    private final List<ReadChannelOrder> readers = List.of(GodomallReaders.reader());
    private final Clock clock = Clock.fixed(NOW.plusSeconds(3_600), ZoneOffset.UTC);
    private final ApplyingChannelOrders apply = new ApplyingChannelOrders(
            readers, orders, orders.codeMappings(), new OrderOwners(Map.of(), Set.of()), orders, clock);
    private final ReleasingParked parked = new ReleasingParked(readers, orders, orders.codeMappings(), orders, clock);
    private int seconds;

    @Test
    void a_released_change_takes_its_place_among_the_others() {
        say("1", "p1");
        say("1", "x9");
        say("1", "c4");
        assertThat(line("1").status()).isEqualTo(Live.PAID);
        parked.explain(Channel.GODOMALL, "x9", new Meaning.Fulfilment(Live.SHIPPING), "operator");
        assertThat(parked.release(ALL)).isEqualTo(new Released(1, 0, 0));
        assertThat(line("1").status()).isEqualTo(Live.SHIPPING);
        assertThat(line("1").claim()).isEqualTo(new Claim(Claim.Kind.CANCEL, Claim.Stage.REQUESTED));
        HistoryEntry entry = history("1").get(1);
        assertThat(entry.kind()).isEqualTo(Kind.APPLIED);
        assertThat(entry.reason()).isNull();
        assertThat(entry.from()).isEqualTo(Live.PAID);
        assertThat(entry.to()).isEqualTo(Live.SHIPPING);
        assertThat(entry.raw()).isEqualTo("sno=1; orderStatus=x9");
        assertThat(entry.receivedAt()).isEqualTo(clock.instant());
        assertThat(entry.releasedAt()).isEqualTo(clock.instant());
        assertThat(parked.list(ALL, 0, 10)).isEmpty();
    }

    @Test
    void what_a_newer_status_has_overtaken_is_understood_and_ignored() {
        say("1", "p1");
        say("1", "x9");
        say("1", "d2");
        parked.explain(Channel.GODOMALL, "x9", new Meaning.Fulfilment(Live.SHIPPING), "operator");
        assertThat(parked.release(ALL)).isEqualTo(new Released(0, 1, 0));
        assertThat(line("1").status()).isEqualTo(Live.DELIVERED);
        assertThat(history("1").get(1))
                .extracting(HistoryEntry::kind, HistoryEntry::reason)
                .containsExactly(Kind.IGNORED, "stale");
    }

    @Test
    void several_of_an_order_are_released_in_the_order_in_which_they_came() {
        say("1", "x1");
        say("1", "x2");
        say("1", "x3");
        parked.explain(Channel.GODOMALL, "x1", new Meaning.Fulfilment(Live.PAID), "operator");
        parked.explain(Channel.GODOMALL, "x2", new Meaning.Fulfilment(Live.PREPARING), "operator");
        parked.explain(Channel.GODOMALL, "x3", new Meaning.Fulfilment(Live.SHIPPING), "operator");
        assertThat(parked.release(ALL)).isEqualTo(new Released(3, 0, 0));
        assertThat(history("1")).extracting(HistoryEntry::to).containsExactly(Live.PAID, Live.PREPARING, Live.SHIPPING);
    }

    @Test
    void what_is_still_unknown_waits_on_and_what_comes_after_the_explanation_is_applied_at_once() {
        say("1", "x1");
        say("2", "x2");
        parked.explain(Channel.GODOMALL, "x1", new Meaning.Fulfilment(Live.PAID), "operator");
        assertThat(parked.release(ALL)).isEqualTo(new Released(1, 0, 1));
        assertThat(parked.list(ALL, 0, 10))
                .singleElement()
                .satisfies(
                        waiting -> assertThat(waiting.entry().order().orderNo()).isEqualTo(new OrderNo("2")));
        say("3", "x1");
        assertThat(line("3").status()).isEqualTo(Live.PAID);
    }

    @Test
    void a_claim_before_its_line_waits_no_longer_when_the_line_begins() {
        say("1", "c4");
        assertThat(parked.list(ALL, 0, 10))
                .extracting(waiting -> waiting.entry().reason())
                .containsExactly("claim-before-status");
        seconds = -10;
        say("1", "p1");
        assertThat(line("1").claim()).isEqualTo(new Claim(Claim.Kind.CANCEL, Claim.Stage.REQUESTED));
        assertThat(parked.list(ALL, 0, 10)).isEmpty();
    }

    @Test
    void a_claim_that_its_line_overtook_as_it_began_is_stale() {
        say("1", "c4");
        say("1", "p1");
        assertThat(line("1").claim()).isNull();
        assertThat(history("1").getFirst())
                .extracting(HistoryEntry::kind, HistoryEntry::reason)
                .containsExactly(Kind.IGNORED, "stale");
    }

    @Test
    void a_line_and_the_claim_upon_it_are_released_together_and_counted_once_each() {
        say("1", "x9");
        say("1", "c4");
        parked.explain(Channel.GODOMALL, "x9", new Meaning.Fulfilment(Live.PAID), "operator");
        assertThat(parked.release(ALL)).isEqualTo(new Released(2, 0, 0));
        assertThat(line("1").claim()).isEqualTo(new Claim(Claim.Kind.CANCEL, Claim.Stage.REQUESTED));
        assertThat(history("1")).extracting(HistoryEntry::kind).containsExactly(Kind.APPLIED, Kind.APPLIED);
    }

    @Test
    void a_claim_that_came_before_what_is_released_is_counted_as_what_became_of_it() {
        say("1", "c4");
        say("1", "x9");
        parked.explain(Channel.GODOMALL, "x9", new Meaning.Fulfilment(Live.PAID), "operator");
        assertThat(parked.release(ALL)).isEqualTo(new Released(1, 1, 0));
        assertThat(history("1")).extracting(HistoryEntry::kind).containsExactly(Kind.IGNORED, Kind.APPLIED);
        assertThat(parked.list(ALL, 0, 10)).isEmpty();
    }

    @Test
    void a_claim_without_its_line_waits_on_unchanged() {
        say("1", "c4");
        List<HistoryEntry> before = history("1");
        assertThat(parked.release(ALL)).isEqualTo(new Released(0, 0, 1));
        assertThat(history("1")).isEqualTo(before);
    }

    @Test
    void goods_that_cannot_be_read_are_parked_beside_their_change_and_stay_so() {
        sayLine("1", "{\"sno\":1,\"orderStatus\":\"p1\",\"goodsCnt\":2,\"goodsPrice\":\"12,000\"}");
        assertThat(history("1"))
                .extracting(HistoryEntry::kind, HistoryEntry::reason)
                .containsExactly(tuple(Kind.APPLIED, null), tuple(Kind.PARKED, "unreadable-goods"));
        assertThat(parked.release(ALL)).isEqualTo(new Released(0, 0, 1));
        assertThat(history("1").getLast().kind()).isEqualTo(Kind.PARKED);
    }

    @Test
    void a_page_goes_on_after_a_number_and_shows_what_was_asked_for() {
        for (int number = 1; number <= 5; number++) {
            say("" + number, "x1");
        }
        List<ParkedChange> first = parked.list(new WhichParked(MALL, Channel.GODOMALL, "unknown-code"), 0, 3);
        assertThat(first).hasSize(3);
        assertThat(parked.list(ALL, first.getLast().number(), 3)).hasSize(2);
        assertThat(parked.list(new WhichParked(new MallId("mall-2"), null, null), 0, 3))
                .isEmpty();
        assertThat(parked.list(new WhichParked(null, Channel.SHOPBY, null), 0, 3))
                .isEmpty();
        assertThat(parked.list(new WhichParked(null, null, "no-code"), 0, 3)).isEmpty();
    }

    @Test
    void a_code_that_is_known_gets_no_other_meaning() {
        assertThatThrownBy(
                        () -> parked.explain(Channel.GODOMALL, "p1", new Meaning.Fulfilment(Live.SHIPPING), "operator"))
                .isInstanceOf(InvalidValue.class)
                .hasMessage("code: is known already and cannot be given another meaning");
        assertThatThrownBy(() ->
                        parked.explain(Channel.GODOMALL, "x 9", new Meaning.Fulfilment(Live.SHIPPING), "operator"))
                .isInstanceOf(InvalidValue.class);
        parked.explain(Channel.GODOMALL, "x9", Meaning.of("RETURN_HELD"), "operator");
        assertThat(parked.explained())
                .containsExactly(new CodeMapping(
                        Channel.GODOMALL,
                        "x9",
                        new Meaning.OnClaim(new Claim(Claim.Kind.RETURN, Claim.Stage.HELD)),
                        "operator",
                        clock.instant()));
    }

    private void say(String orderNo, String code) {
        sayLine(orderNo, "{\"sno\":1,\"orderStatus\":\"" + code + "\"}");
    }

    private void sayLine(String orderNo, String line) {
        seconds++;
        apply.apply(List.of(new ChannelOrder(
                Channel.GODOMALL,
                MALL,
                ("{\"orderNo\":" + orderNo + ",\"orderGoodsData\":[" + line + "]}").getBytes(UTF_8),
                NOW.plusSeconds(seconds),
                new Source("topic", 0, 100 + seconds))));
    }

    private Line line(String orderNo) {
        return found(orderNo).order().lines().values().iterator().next();
    }

    private List<HistoryEntry> history(String orderNo) {
        return found(orderNo).history();
    }

    private Found.One found(String orderNo) {
        return (Found.One) new ReadingOrders(orders, orders).read(MALL, new OrderNo(orderNo), null);
    }
}
