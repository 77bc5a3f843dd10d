package mallstream.order.adapter.out.shopby;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

class ShopbyReaderTest {
    private static final Instant RECORDED = Instant.parse("2030-01-01T00:00:00Z");

    private final ShopbyReader reader = new ShopbyReader(VendorJsons.vendorJson());

    @Test
    void the_samples_tell_of_an_option_in_each_of_two_deliveries_in_korean_time() {
        assertThat(read(Samples.text("shopby-order-created.json")))
                .isEqualTo(sample(
                        change("930001", Live.CREATED, "2026-01-02T06:04:30Z", "DEPOSIT_WAIT"),
                        change("930002", Live.CREATED, "2026-01-02T06:04:30Z", "DEPOSIT_WAIT")));
        assertThat(read(Samples.text("shopby-order-paid.json")))
                .isEqualTo(sample(
                        change("930001", Live.PAID, "2026-01-02T06:12:05Z", "PAY_DONE"),
                        change("930002", Live.PAID, "2026-01-02T06:12:05Z", "PAY_DONE")));
        assertThat(read(Samples.text("shopby-order-preparing.json")))
                .isEqualTo(sample(
                        change("930001", Live.PREPARING, "2026-01-02T07:30:00Z", "PRODUCT_PREPARE"),
                        change("930002", Live.PREPARING, "2026-01-02T07:31:20Z", "DELIVERY_PREPARE")));
    }

    /** Shopby's column of the table of statuses, row by row, then its two codes that stand for a claim. */
    private static final String STATUSES = """
            CREATED   | DEPOSIT_WAIT PAY_WAIT
            PAID      | PAY_DONE
            PREPARING | PRODUCT_PREPARE DELIVERY_PREPARE
            SHIPPING  | DELIVERY_ING
            DELIVERED | DELIVERY_DONE
            CONFIRMED | BUY_CONFIRM
            CANCELED  | CANCEL_DONE
            RETURNED  | RETURN_DONE
            EXCHANGED | EXCHANGE_DONE
            ABORTED   | PAY_FAIL PAY_CANCEL DELETE
            any EXCHANGE_WAITING | EXCHANGE_WAIT
            any REFUND_DONE      | REFUND_DONE
            """;

    private static final String CLAIMS = """
            CANCEL_REQUESTED     | CANCEL_REQUEST
            CANCEL_IN_PROGRESS   | CANCEL_PROC_REQUEST_REFUND CANCEL_PROC_WAITING_REFUND
            CANCEL_DONE          | CANCEL_DONE CANCEL_NO_REFUND
            RETURN_REQUESTED     | RETURN_REQUEST
            RETURN_REJECTED      | RETURN_REJECT_REQUEST
            RETURN_COLLECTING    | RETURN_PROC_BEFORE_RECEIVE
            RETURN_IN_PROGRESS   | RETURN_PROC_REQUEST_REFUND RETURN_PROC_WAITING_REFUND RETURN_REFUND_AMT_ADJUST_REQUESTED
            RETURN_DONE          | RETURN_DONE RETURN_NO_REFUND
            EXCHANGE_REQUESTED   | EXCHANGE_REQUEST
            EXCHANGE_REJECTED    | EXCHANGE_REJECT_REQUEST
            EXCHANGE_COLLECTING  | EXCHANGE_PROC_BEFORE_RECEIVE
            EXCHANGE_IN_PROGRESS | EXCHANGE_PROC_REQUEST_PAY EXCHANGE_PROC_REQUEST_REFUND
            EXCHANGE_WAITING     | EXCHANGE_PROC_WAITING EXCHANGE_PROC_WAITING_PAY EXCHANGE_PROC_WAITING_REFUND
            EXCHANGE_DONE        | EXCHANGE_DONE EXCHANGE_DONE_PAY_DONE EXCHANGE_DONE_REFUND_DONE
            """;

    @Test
    void every_code_means_what_the_tables_say_and_there_are_no_others() {
        Map<String, String> statuses = byCode(STATUSES);
        Map<String, String> claims = byCode(CLAIMS);
        Map<String, String> seenStatuses = new TreeMap<>();
        statuses.keySet().forEach(code -> seenStatuses.put(code, words(effect(code, ""))));
        assertThat(seenStatuses).isEqualTo(statuses).hasSize(16);
        Map<String, String> seenClaims = new TreeMap<>();
        claims.keySet().forEach(code -> seenClaims.put(code, words(effect("DELIVERY_DONE", code))));
        claims.replaceAll((code, claim) -> "DELIVERED " + claim);
        assertThat(seenClaims).isEqualTo(claims).hasSize(24);
        Set<String> all = new HashSet<>(statuses.keySet());
        all.addAll(claims.keySet());
        assertThat(reader.codes()).isEqualTo(all);
    }

    private static Map<String, String> byCode(String table) {
        Map<String, String> words = new TreeMap<>();
        table.lines().map(row -> row.split(" *\\| *", -1)).forEach(row -> {
            for (String code : row[1].strip().split(" ", -1)) {
                assertThat(words.put(code, row[0])).as(code).isNull();
            }
        });
        return words;
    }

    private static String words(Effect effect) {
        return switch (effect) {
            case Effect.Stands stands -> stands.status() + (stands.claim() == null ? "" : " " + stands.claim());
            case Effect.Claims claims -> "any " + claims.claim();
            case Effect.Refunds refunds -> "any refunded";
        };
    }

    @Test
    void a_refund_that_is_done_is_the_claim_whatever_claim_stands_beside_it() {
        assertThat(effect("REFUND_DONE", "RETURN_DONE"))
                .isEqualTo(new Effect.Claims(new Claim(Claim.Kind.REFUND, Claim.Stage.DONE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "7.5", "true", "\"취소요청\""})
    void a_claim_that_is_no_code_is_never_taken_for_none(String claim) {
        Unreadable parked = (Unreadable) only("\"orderProductOptionNo\":1,\"orderStatusType\":\"PAY_DONE\","
                + "\"claimStatusType\":" + claim + ",\"statusChangeYmdt\":\"2026-01-02 09:00:00\"");
        assertThat(parked.reason()).isEqualTo("unknown-code");
        assertThat(reader.readAgain(parked, Map.of())).isEqualTo(parked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"five\"", "\"5,000\"", "5.5", "[]"})
    void goods_that_could_not_be_read_are_not_read_again_as_if_they_were_left_out(String price) {
        Unreadable parked = (Unreadable) ((Reading.Read) order(option("PAY_DONE", "") + ",\"salePrice\":" + price))
                .reports()
                .getLast();
        assertThat(parked.reason()).isEqualTo("unreadable-goods");
        assertThat(reader.readAgain(parked, Map.of())).isEqualTo(parked);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02 00:30:00, 2026-01-01T15:30:00Z",
        "2026-01-02-00:30:00, 2026-01-01T15:30:00Z",
        "20260102, 2026-01-01T15:00:00Z"
    })
    void all_three_forms_of_time_are_korean(String text, Instant instant) {
        assertThat(ShopbyTimes.read(text)).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-30 00:00:00",
                "2026-01-02",
                "2026-01-02T00:00:00Z",
                "",
                "2026010",
                "soon",
                "0001-01-01 00:00:00",
                "+10000-01-02 00:00:00",
                "00010101"
            })
    void another_form_of_time_is_none(String text) {
        assertThat(ShopbyTimes.read(text)).isNull();
    }

    @Test
    void what_a_line_lacks_is_the_reason_why_it_is_parked() {
        assertThat(reason("\"orderStatusType\":\"PAY_DONE\",\"statusChangeYmdt\":\"20260102\""))
                .isEqualTo("no-line-id");
        assertThat(reason("\"orderProductOptionNo\":1,\"orderStatusType\":\"PAY_DONE\""))
                .isEqualTo("no-change-time");
        assertThat(reason("\"orderProductOptionNo\":1,\"statusChangeYmdt\":\"20260102\""))
                .isEqualTo("no-code");
        assertThat(reason(option("NEW_STATE", ""))).isEqualTo("unknown-code");
        assertThat(reason(option("PAY_DONE", "NEW_CLAIM"))).isEqualTo("unknown-code");
        assertThat(reason(option("PAY_DONE", "") + ",\"claimStatusType\":{}")).isEqualTo("unknown-code");
    }

    @Test
    void a_parked_line_keeps_codes_and_times_and_of_all_else_name_and_type() {
        assertThat(((Unreadable) only(option("NEW_STATE", "") + ",\"buyer\":\"홍길동\",\"optionValue\":\"010-1234-5678\""))
                        .raw())
                .isEqualTo("orderProductOptionNo=1; orderStatusType=NEW_STATE; claimStatusType:blank;"
                        + " statusChangeYmdt=2026-01-02 09:00:00; buyer:text; optionValue:text");
    }

    @Test
    void an_empty_level_is_parked_and_its_neighbours_are_read() {
        Reading.Read read = (Reading.Read) read("{\"orderNo\":\"1\",\"deliveryGroups\":[{\"receiverName\":\"홍길동\"},"
                + "{\"orderProducts\":[{\"orderProductOptions\":[{" + option("PAY_DONE", "") + "}]},"
                + "{\"orderProductOptions\":7}]}]}");
        assertThat(read.reports())
                .hasSize(3)
                .element(0)
                .isEqualTo(new Unreadable(null, null, "no-lines", "receiverName:text"));
        assertThat(read.reports().get(1)).isInstanceOf(Change.class);
        assertThat(read.reports().get(2))
                .isEqualTo(new Unreadable(null, null, "no-lines", "orderProductOptions:number"));
    }

    @Test
    void an_order_without_deliveries_is_parked_whole() {
        assertThat(((Reading.Read) read("{\"orderNo\":\"1\",\"ordererName\":\"홍길동\",\"payType\":\"CARD\"}")).reports())
                .containsExactly(new Unreadable(null, null, "no-lines", "orderNo=1; payType=CARD; ordererName:text"));
    }

    @Test
    void what_is_not_json_and_what_names_no_order_are_told_apart() {
        assertThat(read("{")).isEqualTo(new Reading.NotJson());
        assertThat(read("[]")).isEqualTo(new Reading.NoOrderNumber());
        assertThat(read("{\"mallNo\":1}")).isEqualTo(new Reading.NoOrderNumber());
    }

    @Test
    void amounts_of_another_currency_are_parked_beside_the_changes() {
        Reading.Read read = (Reading.Read) read("{\"orderNo\":\"1\",\"currencyCode\":\"USD\",\"lastPayAmt\":10,"
                + "\"deliveryGroups\":[{\"orderProducts\":[{\"orderProductOptions\":[{" + option("PAY_DONE", "")
                + ",\"salePrice\":10}]}]}]}");
        assertThat(read.purchase()).isEqualTo(Purchase.UNKNOWN);
        assertThat(((Change) read.reports().getFirst()).goods()).isEqualTo(Goods.UNKNOWN);
        assertThat(read.reports().getLast())
                .isEqualTo(new Unreadable(
                        null,
                        Instant.parse("2026-01-02T00:00:00Z"),
                        "unreadable-purchase",
                        "orderNo=1; currencyCode=USD; lastPayAmt=10; deliveryGroups:list"));
    }

    @Test
    void numbers_may_be_text_and_what_is_none_is_parked_beside_the_change() {
        assertThat(((Change) only(option("PAY_DONE", "") + ",\"orderCnt\":\"2\",\"salePrice\":\"5000.00\"")).goods())
                .isEqualTo(new Goods(null, 2, new Won(5_000), null));
        assertThat(((Reading.Read) order(option("PAY_DONE", "") + ",\"orderCnt\":\"two\"")).reports())
                .hasSize(2)
                .last()
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        unreadable -> assertThat(unreadable.reason()).isEqualTo("unreadable-goods"));
    }

    @Test
    void a_naver_pay_order_says_so() {
        assertThat(((Reading.Read) read("{\"orderNo\":1,\"payType\":\"NAVER_PAY\"}")).naverPay())
                .isTrue();
        assertThat(((Reading.Read) read("{\"orderNo\":1,\"payType\":\"PAYCO\"}")).naverPay())
                .isFalse();
    }

    @Test
    void what_was_parked_is_understood_once_its_codes_are_explained() {
        Unreadable parked = (Unreadable) only(option("NEW_STATE", "NEW_CLAIM"));
        Claim held = new Claim(Claim.Kind.RETURN, Claim.Stage.HELD);
        assertThat(reader.readAgain(parked, Map.of("NEW_STATE", new Meaning.Fulfilment(Live.SHIPPING))))
                .isEqualTo(parked);
        assertThat(reader.readAgain(
                        parked,
                        Map.of(
                                "NEW_STATE",
                                new Meaning.Fulfilment(Live.SHIPPING),
                                "NEW_CLAIM",
                                new Meaning.OnClaim(held))))
                .isEqualTo(new Change(
                        new LineId("1"),
                        new Effect.Stands(Live.SHIPPING, held),
                        Instant.parse("2026-01-02T00:00:00Z"),
                        Goods.UNKNOWN,
                        "NEW_STATE NEW_CLAIM"));
    }

    @Test
    void the_number_is_found_without_the_rest() {
        assertThat(reader.orderNo("{\"mallNo\":1,\"orderNo\":202601021504000002,".getBytes(UTF_8)))
                .hasValue(new OrderNo("202601021504000002"));
        assertThat(reader.orderNo("{\"mallNo\":1}".getBytes(UTF_8))).isEmpty();
        assertThat(reader.orderNo("[1]".getBytes(UTF_8))).isEmpty();
        assertThat(reader.orderNo("{".getBytes(UTF_8))).isEmpty();
    }

    private Reading read(String body) {
        return reader.read(body.getBytes(UTF_8), RECORDED);
    }

    private Report only(String option) {
        return ((Reading.Read) order(option)).reports().getFirst();
    }

    private Reading order(String option) {
        return read("{\"orderNo\":\"1\",\"deliveryGroups\":[{\"orderProducts\":[{\"orderProductOptions\":[{" + option
                + "}]}]}]}");
    }

    private String reason(String option) {
        return ((Unreadable) only(option)).reason();
    }

    private Effect effect(String status, String claim) {
        return ((Change) only(option(status, claim))).effect();
    }

    private static String option(String status, String claim) {
        return "\"orderProductOptionNo\":1,\"orderStatusType\":\"" + status + "\",\"claimStatusType\":\"" + claim
                + "\",\"statusChangeYmdt\":\"2026-01-02 09:00:00\"";
    }

    private static Reading sample(Report... reports) {
        return new Reading.Read(
                new OrderNo("202601021504000002"),
                false,
                new Purchase(Instant.parse("2026-01-02T06:04:30Z"), new Won(47_000)),
                List.of(reports));
    }

    private static Report change(String option, LineStatus status, String at, String code) {
        Goods goods = option.equals("930001")
                ? new Goods("100000301", 1, new Won(32_000), new Won(32_000))
                : new Goods("100000302", 3, new Won(5_000), new Won(15_000));
        return new Change(new LineId(option), new Effect.Stands(status, null), Instant.parse(at), goods, code);
    }
}
