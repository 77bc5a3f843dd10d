package mallstream.order.adapter.out.godomall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import mallstream.order.application.port.out.ReadChannelOrder.Reading;
import mallstream.order.model.Change;
import mallstream.order.model.Change.Effect;
import mallstream.order.model.Claim;
import mallstream.order.model.Goods;
import mallstream.order.model.LineId;
import mallstream.order.model.LineStatus;
import mallstream.order.model.LineStatus.End;
import mallstream.order.model.LineStatus.Live;
import mallstream.order.model.Meaning;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Purchase;
import mallstream.order.model.Report;
import mallstream.order.model.Unreadable;
import mallstream.order.model.Won;
import mallstream.order.testing.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GodomallReaderTest {
    private static final Instant RECORDED = Instant.parse("2026-01-02T06:04:05.678Z");

    private final GodomallReader reader = new GodomallReader();

    @Test
    void the_samples_tell_of_two_lines_each() {
        assertThat(read(Samples.text("godomall-order-created.json"))).isEqualTo(sample(Live.CREATED, "o1", "o1"));
        assertThat(read(Samples.text("godomall-order-paid.json"))).isEqualTo(sample(Live.PAID, "p1", "p1"));
        assertThat(read(Samples.text("godomall-order-preparing.json"))).isEqualTo(sample(Live.PREPARING, "g1", "g3"));
    }

    @ParameterizedTest
    @CsvSource({
        "o1, CREATED",
        "p1, PAID",
        "g1, PREPARING",
        "g2, PREPARING",
        "g3, PREPARING",
        "g4, PREPARING",
        "d1, SHIPPING",
        "d2, DELIVERED",
        "s1, CONFIRMED",
        "c1, CANCELED",
        "c2, CANCELED",
        "c3, CANCELED",
        "f1, ABORTED",
        "f2, ABORTED",
        "f3, ABORTED",
        "f4, ABORTED",
        "z1, CREATED",
        "z2, PAID",
        "z3, SHIPPING",
        "z4, DELIVERED",
        "z5, EXCHANGED"
    })
    void codes_of_fulfilment_give_a_status_and_say_that_no_claim_is_open(String code, LineStatus status) {
        assertThat(effect(code)).isEqualTo(new Effect.Stands(status, null));
    }

    @ParameterizedTest
    @CsvSource({
        "c4, CANCEL, REQUESTED", "b1, RETURN, REQUESTED", "b2, RETURN, COLLECTING", "b3, RETURN, HELD",
        "b4, RETURN, COLLECTED", "e1, EXCHANGE, REQUESTED", "e2, EXCHANGE, COLLECTING", "e3, EXCHANGE, RESENDING",
        "e4, EXCHANGE, HELD", "r1, REFUND, REQUESTED", "r2, REFUND, HELD"
    })
    void codes_of_claims_touch_the_claim_axis_only(String code, Claim.Kind kind, Claim.Stage stage) {
        assertThat(effect(code)).isEqualTo(new Effect.Claims(new Claim(kind, stage)));
    }

    @Test
    void e5_and_r3_end_an_exchange_and_a_refund() {
        assertThat(effect("e5"))
                .isEqualTo(new Effect.Stands(End.EXCHANGED, new Claim(Claim.Kind.EXCHANGE, Claim.Stage.DONE)));
        assertThat(effect("r3")).isEqualTo(new Effect.Refunds());
    }

    @Test
    void all_34_codes_are_known() {
        assertThat(GodomallCodes.EFFECTS).hasSize(34);
    }

    @Test
    void an_unknown_code_is_parked_with_its_raw_value_and_nothing_personal() {
        Reading reading = read("""
                {"orderNo":"1","orderGoodsData":[{"sno":7,"orderStatus":"x9","goodsCnt":2,"giftMessage":"홍길동에게",
                 "010-1234-5678":true,"goodsNm":"Ring","tags":["a"],"more":{"phone":"010-1234-5678"},"none":null,"fee":1.5}]}
                """);
        assertThat(reading)
                .isEqualTo(lines(new Unreadable(
                        new LineId("7"),
                        RECORDED,
                        "unknown-code",
                        "sno=7; orderStatus=x9; goodsCnt=2; giftMessage:text; ?:boolean; goodsNm:text; tags:list;"
                                + " more:object; none:null; fee:number")));
    }

    @Test
    void an_allowed_field_with_something_else_than_a_code_keeps_its_type_only() {
        assertThat(((Unreadable) only("{\"sno\":\"1\",\"orderStatus\":\"홍길동 010\"}")).raw())
                .isEqualTo("sno=1; orderStatus:text");
    }

    @Test
    void a_line_without_number_or_code_is_parked() {
        assertThat(reason("{\"orderStatus\":\"p1\"}")).isEqualTo("no-line-id");
        assertThat(reason("{\"sno\":{},\"orderStatus\":\"p1\"}")).isEqualTo("no-line-id");
        assertThat(reason("{\"sno\":1}")).isEqualTo("no-code");
        assertThat(reason("{\"sno\":1,\"orderStatus\":[\"p1\"]}")).isEqualTo("no-code");
        assertThat(reason("7")).isEqualTo("no-line-id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"orderNo\":1}",
                "{\"orderNo\":\"1\",\"orderGoodsData\":[]}",
                "{\"orderNo\":\"1\",\"orderGoodsData\":{\"0\":{}}}",
                "{\"orderNo\":\"1\",\"orderGoodsData\":\"p1\"}"
            })
    void an_order_without_lines_is_parked_whole(String body) {
        Reading.Read read = (Reading.Read) read(body);
        assertThat(read.reports())
                .singleElement()
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        unreadable -> assertThat(unreadable.reason()).isEqualTo("no-lines"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "null",
                "\"text\"",
                "{\"orderNo\":null}",
                "{\"orderNo\":\" \"}",
                "{\"orderNo\":1.5}",
                "{\"orderNo\":[1]}",
                "{\"orderNo\":\"a b\"}"
            })
    void what_names_no_order_is_told_apart(String body) {
        assertThat(read(body)).isEqualTo(new Reading.NoOrderNumber());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{\"orderNo\":\"1\"} x", "<order/>", "{'orderNo':1}", "{\"orderNo\":NaN}"})
    void what_is_not_json_is_told_apart(String body) {
        assertThat(read(body)).isEqualTo(new Reading.NotJson());
    }

    @Test
    void a_hostile_depth_is_not_json_and_broken_utf_8_neither() {
        assertThat(read("[".repeat(100_000))).isEqualTo(new Reading.NotJson());
        assertThat(reader.read(new byte[] {'"', (byte) 0xC3, '"'}, RECORDED)).isEqualTo(new Reading.NotJson());
    }

    @ParameterizedTest
    @CsvSource({"12000, 12000", "'\"12000\"', 12000", "'\"12000.00\"', 12000", "12000.0, 12000", "0, 0", "'\" 7 \"', 7"
    })
    void money_is_whole_won_whether_number_or_text(String json, long won) {
        Reading.Read read = (Reading.Read) read("{\"orderNo\":1,\"settlePrice\":" + json
                + ",\"orderGoodsData\":[{\"sno\":1,\"orderStatus\":\"p1\",\"goodsPrice\":" + json + "}]}");
        assertThat(read.purchase().total()).isEqualTo(new Won(won));
        assertThat(read.reports())
                .singleElement()
                .isInstanceOfSatisfying(
                        Change.class,
                        change -> assertThat(change.goods().unitPrice()).isEqualTo(new Won(won)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"12000.5", "-1", "\"12,000\"", "\"free\"", "[]", "true", "1e30", "1e999999999"})
    void what_is_no_whole_won_is_parked_beside_the_change(String json) {
        Reading.Read read = (Reading.Read) read("{\"orderNo\":1,\"settlePrice\":" + json
                + ",\"orderGoodsData\":[{\"sno\":1,\"orderStatus\":\"p1\",\"goodsPrice\":" + json + "}]}");
        assertThat(read.purchase().total()).isNull();
        assertThat(read.reports())
                .extracting(report -> report instanceof Unreadable unreadable ? unreadable.reason() : report.raw())
                .containsExactly("p1", "unreadable-goods", "unreadable-purchase");
    }

    @Test
    void an_order_date_is_korean_and_another_form_is_parked() {
        assertThat(((Reading.Read) read("{\"orderNo\":1,\"orderDate\":\"2026-01-02 00:30:00\"}"))
                        .purchase()
                        .orderedAt())
                .isEqualTo(Instant.parse("2026-01-01T15:30:00Z"));
        assertThat(((Reading.Read) read("{\"orderNo\":1,\"orderDate\":\"0000-00-00 00:00:00\","
                                + "\"orderGoodsData\":[{\"sno\":1,\"orderStatus\":\"p1\"}]}"))
                        .reports())
                .last()
                .isEqualTo(new Unreadable(
                        null,
                        RECORDED,
                        "unreadable-purchase",
                        "orderNo=1; orderDate=0000-00-00 00:00:00; orderGoodsData:list"));
    }

    @Test
    void a_naver_pay_order_says_so() {
        assertThat(((Reading.Read) read("{\"orderNo\":1,\"orderChannelFl\":\"naverpay\"}")).naverPay())
                .isTrue();
        assertThat(((Reading.Read) read("{\"orderNo\":1,\"orderChannelFl\":\"payco\"}")).naverPay())
                .isFalse();
    }

    @Test
    void what_was_parked_is_understood_once_its_code_is_explained() {
        Unreadable parked = (Unreadable) only("{\"sno\":1,\"orderStatus\":\"x9\",\"goodsCnt\":2,\"memo\":\"문 앞\"}");
        assertThat(reader.readAgain(parked, Map.of())).isEqualTo(parked);
        assertThat(reader.readAgain(parked, Map.of("x9", new Meaning.Fulfilment(Live.SHIPPING))))
                .isEqualTo(change("1", Live.SHIPPING, "x9", new Goods(null, 2, null, null)));
        assertThat(reader.readAgain(
                        parked, Map.of("x9", new Meaning.OnClaim(new Claim(Claim.Kind.RETURN, Claim.Stage.HELD)))))
                .isEqualTo(new Change(
                        new LineId("1"),
                        new Effect.Claims(new Claim(Claim.Kind.RETURN, Claim.Stage.HELD)),
                        RECORDED,
                        new Goods(null, 2, null, null),
                        "x9"));
    }

    @Test
    void the_number_is_found_without_the_rest() {
        assertThat(reader.orderNo("{\"a\":{\"orderNo\":1},\"b\":[[2]],\"orderNo\":\"3\",".getBytes(UTF_8)))
                .hasValue(new OrderNo("3"));
        for (String none : List.of("", "[]", "7", "{\"a\":1}", "{\"orderNo\":{}}", "{\"orderNo\":null}", "{\"a\":")) {
            assertThat(reader.orderNo(none.getBytes(UTF_8))).as(none).isEmpty();
        }
    }

    @Test
    void a_number_longer_than_53_bits_stays_exact() {
        assertThat(((Reading.Read) read("{\"orderNo\":99999999999999999999}")).orderNo())
                .isEqualTo(new OrderNo("99999999999999999999"));
    }

    private Reading read(String body) {
        return reader.read(body.getBytes(UTF_8), RECORDED);
    }

    private Report only(String line) {
        return ((Reading.Read) read("{\"orderNo\":\"1\",\"orderGoodsData\":[" + line + "]}"))
                .reports()
                .getFirst();
    }

    private String reason(String line) {
        return ((Unreadable) only(line)).reason();
    }

    private Effect effect(String code) {
        return ((Change) only("{\"sno\":\"1\",\"orderStatus\":\"" + code + "\"}")).effect();
    }

    private static Reading lines(Report... reports) {
        return new Reading.Read(new OrderNo("1"), false, Purchase.UNKNOWN, List.of(reports));
    }

    private static Reading sample(LineStatus status, String first, String second) {
        return new Reading.Read(
                new OrderNo("2601021504000001"),
                false,
                new Purchase(Instant.parse("2026-01-02T06:04:00Z"), new Won(61_000)),
                List.of(
                        change("810001", status, first, new Goods("1000123", 1, new Won(39_000), null)),
                        change("810002", status, second, new Goods("1000124", 2, new Won(9_500), null))));
    }

    private static Report change(String sno, LineStatus status, String code, Goods goods) {
        return new Change(new LineId(sno), new Effect.Stands(status, null), RECORDED, goods, code);
    }
}
