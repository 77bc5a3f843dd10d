package mallstream.order.adapter.out.godomall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mallstream.order.adapter.out.json.VendorJsons;
import mallstream.order.application.port.out.ReadChannelOrder.Reading;
import mallstream.order.model.Change;
import mallstream.order.model.Change.Effect;
import mallstream.order.model.Claim;
import mallstream.order.model.Goods;
import mallstream.order.model.LineId;
import mallstream.order.model.LineStatus;
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

    private final GodomallReader reader = new GodomallReader(VendorJsons.vendorJson());

    @Test
    void the_samples_tell_of_two_lines_each() {
        assertThat(read(Samples.text("godomall-order-created.json"))).isEqualTo(sample(Live.CREATED, "o1", "o1"));
        assertThat(read(Samples.text("godomall-order-paid.json"))).isEqualTo(sample(Live.PAID, "p1", "p1"));
        assertThat(read(Samples.text("godomall-order-preparing.json"))).isEqualTo(sample(Live.PREPARING, "g1", "g3"));
    }

    /** Godomall's column of the table of statuses, row by row, then its claims one by one. */
    private static final String TABLE = """
            CREATED      | o1 z1
            PAID         | p1 z2
            PREPARING    | g1 g2 g3 g4
            SHIPPING     | d1 z3
            DELIVERED    | d2 z4
            CONFIRMED    | s1
            CANCELED     | c1 c2 c3
            EXCHANGED    | z5
            ABORTED      | f1 f2 f3 f4
            EXCHANGED EXCHANGE_DONE | e5
            any refunded | r3
            any CANCEL_REQUESTED    | c4
            any RETURN_REQUESTED    | b1
            any RETURN_COLLECTING   | b2
            any RETURN_HELD         | b3
            any RETURN_COLLECTED    | b4
            any EXCHANGE_REQUESTED  | e1
            any EXCHANGE_COLLECTING | e2
            any EXCHANGE_RESENDING  | e3
            any EXCHANGE_HELD       | e4
            any REFUND_REQUESTED    | r1
            any REFUND_HELD         | r2
            """;

    @Test
    void every_code_means_what_the_table_says_and_there_are_no_others() {
        Map<String, String> wanted = new TreeMap<>();
        TABLE.lines().map(row -> row.split(" *\\| *", -1)).forEach(row -> {
            for (String code : row[1].strip().split(" ", -1)) {
                assertThat(wanted.put(code, row[0])).as(code).isNull();
            }
        });
        Map<String, String> seen = new TreeMap<>();
        reader.codes().forEach(code -> seen.put(code, words(effect(code))));
        assertThat(seen).isEqualTo(wanted).hasSize(34);
    }

    private static String words(Effect effect) {
        return switch (effect) {
            case Effect.Stands stands -> stands.status() + (stands.claim() == null ? "" : " " + stands.claim());
            case Effect.Claims claims -> "any " + claims.claim();
            case Effect.Refunds refunds -> "any refunded";
        };
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

    @ParameterizedTest
    @ValueSource(
            strings = {"0001-01-01 00:00:00", "1899-12-31 00:00:00", "+10000-01-02 00:00:00", "-0001-01-01 00:00:00"})
    void a_date_that_no_order_can_have_is_none(String date) {
        Reading.Read read = (Reading.Read) read("{\"orderNo\":1,\"orderDate\":\"" + date
                + "\",\"orderGoodsData\":[{\"sno\":1,\"orderStatus\":\"p1\"}]}");
        assertThat(read.purchase().orderedAt()).isNull();
        assertThat(read.reports())
                .last()
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        unreadable -> assertThat(unreadable.reason()).isEqualTo("unreadable-purchase"));
    }

    @Test
    void a_record_with_a_time_that_cannot_be_kept_has_none() {
        Reading.Read read = (Reading.Read) reader.read(
                "{\"orderNo\":1,\"orderGoodsData\":[{\"sno\":1,\"orderStatus\":\"p1\"}]}".getBytes(UTF_8),
                Instant.ofEpochMilli(Long.MAX_VALUE));
        assertThat(read.reports())
                .containsExactly(new Unreadable(new LineId("1"), null, "no-change-time", "sno=1; orderStatus=p1"));
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
