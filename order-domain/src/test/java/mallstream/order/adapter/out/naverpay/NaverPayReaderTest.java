package mallstream.order.adapter.out.naverpay;

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
import mallstream.order.model.LineStatus.Live;
import mallstream.order.model.Meaning;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Purchase;
import mallstream.order.model.Report;
import mallstream.order.model.Unreadable;
import mallstream.order.model.Won;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NaverPayReaderTest {
    private static final Instant CHANGED = Instant.parse("2026-01-02T00:00:00.500Z");

    private final NaverPayReader reader = new NaverPayReader(VendorJsons.vendorJson());

    /**
     * Naver's column of the table of statuses, row by row: {@code productOrderStatus}, and behind a colon each
     * {@code placeOrderStatus} that may stand beside it ({@code -}: none).
     */
    private static final String STATUSES = """
            CREATED   | PAYMENT_WAITING:-,NOT_YET,OK,CANCEL
            PAID      | PAYED:-,NOT_YET,CANCEL
            PREPARING | PAYED:OK
            SHIPPING  | DELIVERING:-,NOT_YET,OK,CANCEL
            DELIVERED | DELIVERED:-,NOT_YET,OK,CANCEL
            CONFIRMED | PURCHASE_DECIDED:-,NOT_YET,OK,CANCEL
            CANCELED  | CANCELED:-,NOT_YET,OK,CANCEL CANCELED_BY_NOPAYMENT:-,NOT_YET,OK,CANCEL
            RETURNED  | RETURNED:-,NOT_YET,OK,CANCEL
            EXCHANGED | EXCHANGED:-,NOT_YET,OK,CANCEL
            """;

    /** Every {@code claimStatus}, behind the {@code claimType} that it comes with. */
    private static final String CLAIMS = """
            CANCEL_REQUESTED     | CANCEL:CANCEL_REQUEST
            CANCEL_IN_PROGRESS   | CANCEL:CANCELING ADMIN_CANCEL:ADMIN_CANCELING
            CANCEL_DONE          | CANCEL:CANCEL_DONE ADMIN_CANCEL:ADMIN_CANCEL_DONE
            CANCEL_REJECTED      | CANCEL:CANCEL_REJECT ADMIN_CANCEL:ADMIN_CANCEL_REJECT
            RETURN_REQUESTED     | RETURN:RETURN_REQUEST
            RETURN_COLLECTING    | RETURN:COLLECTING
            RETURN_COLLECTED     | RETURN:COLLECT_DONE
            RETURN_DONE          | RETURN:RETURN_DONE
            RETURN_REJECTED      | RETURN:RETURN_REJECT
            EXCHANGE_REQUESTED   | EXCHANGE:EXCHANGE_REQUEST
            EXCHANGE_COLLECTING  | EXCHANGE:COLLECTING
            EXCHANGE_COLLECTED   | EXCHANGE:COLLECT_DONE
            EXCHANGE_RESENDING   | EXCHANGE:EXCHANGE_REDELIVERING
            EXCHANGE_DONE        | EXCHANGE:EXCHANGE_DONE
            EXCHANGE_REJECTED    | EXCHANGE:EXCHANGE_REJECT
            HOLDBACK_HELD        | PURCHASE_DECISION_HOLDBACK:PURCHASE_DECISION_HOLDBACK
            HOLDBACK_REQUESTED   | PURCHASE_DECISION_HOLDBACK:PURCHASE_DECISION_REQUEST
            HOLDBACK_DONE        | PURCHASE_DECISION_HOLDBACK:PURCHASE_DECISION_HOLDBACK_RELEASE
            """;

    @Test
    void every_code_means_what_the_tables_say_and_there_are_no_others() {
        Set<String> all = new HashSet<>(Set.of("NOT_YET", "OK", "CANCEL"));
        Map<String, String> statuses = new TreeMap<>();
        Map<String, String> seenStatuses = new TreeMap<>();
        rows(STATUSES).forEach((codes, status) -> {
            all.add(codes.split(":", 2)[0]);
            for (String confirmation : codes.split(":", 2)[1].split(",", -1)) {
                String pair = codes.split(":", 2)[0] + ":" + confirmation;
                statuses.put(pair, status);
                seenStatuses.put(pair, words(effect(line(pair, ""))));
            }
        });
        assertThat(seenStatuses).isEqualTo(statuses).hasSize(9 * 4);
        Map<String, String> claims = rows(CLAIMS);
        Map<String, String> seenClaims = new TreeMap<>();
        claims.keySet().forEach(pair -> {
            all.addAll(List.of(pair.split(":", 2)));
            seenClaims.put(pair, words(effect(line("DELIVERED:OK", pair))));
        });
        claims.replaceAll((pair, claim) -> "DELIVERED " + claim);
        assertThat(seenClaims).isEqualTo(claims).hasSize(21);
        assertThat(claims.keySet().stream().map(pair -> pair.split(":", 2)[1]).distinct())
                .hasSize(19);
        assertThat(reader.codes()).isEqualTo(all);
    }

    /** By what stands behind the bar, which the table has once. */
    private static Map<String, String> rows(String table) {
        Map<String, String> rows = new TreeMap<>();
        table.lines().map(row -> row.split(" *\\| *", -1)).forEach(row -> {
            for (String codes : row[1].strip().split(" ", -1)) {
                String before = rows.get(codes);
                assertThat(before).as(codes).isNull();
                rows.put(codes, row[0]);
            }
        });
        return rows;
    }

    private static String words(Effect effect) {
        return switch (effect) {
            case Effect.Stands stands -> stands.status() + (stands.claim() == null ? "" : " " + stands.claim());
            case Effect.Claims claims -> "any " + claims.claim();
            case Effect.Refunds refunds -> "any refunded";
        };
    }

    @ParameterizedTest
    @CsvSource({
        "NEW_STATE:OK, '', productOrderStatus=NEW_STATE",
        "PAYED:NEW_STATE, '', placeOrderStatus=NEW_STATE",
        "PAYED:OK, NEW_STATE:CANCEL_REQUEST, claimType=NEW_STATE",
        "PAYED:OK, CANCEL:NEW_STATE, claimStatus=NEW_STATE",
    })
    void an_unknown_code_is_parked_with_its_raw_value(String status, String claim, String kept) {
        Unreadable parked = (Unreadable) only(line(status, claim));
        assertThat(parked.reason()).isEqualTo("unknown-code");
        assertThat(parked.lineId()).isEqualTo(new LineId("11"));
        assertThat(parked.changedAt()).isEqualTo(CHANGED);
        assertThat(parked.raw().split("; ", -1)).contains(kept);
        assertThat(reader.readAgain(parked, Map.of())).isEqualTo(parked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "7.5", "true", "\"취소요청\"", "[]"})
    void a_claim_or_a_confirmation_that_is_no_code_is_never_taken_for_none(String code) {
        for (String name : List.of("claimType", "claimStatus", "placeOrderStatus")) {
            Unreadable parked = (Unreadable) only("\"productOrderStatus\":\"PAYED\",\"" + name + "\":" + code);
            assertThat(parked.reason()).isEqualTo("unknown-code");
            assertThat(reader.readAgain(parked, Map.of())).as(name).isEqualTo(parked);
        }
    }

    @Test
    void what_was_parked_is_understood_once_its_code_is_explained() {
        assertThat(again("NEW_STATE:OK", "", new Meaning.Fulfilment(Live.SHIPPING)))
                .isEqualTo(new Change(
                        new LineId("11"),
                        new Effect.Stands(Live.SHIPPING, null),
                        CHANGED,
                        new Goods("7001", 2, new Won(1_000), new Won(2_000)),
                        "NEW_STATE OK"));
        assertThat(words(effectAgain("PAYED:NEW_STATE", "", new Meaning.Fulfilment(Live.PREPARING))))
                .isEqualTo("PREPARING");
        assertThat(words(effectAgain("NEW_STATE:OK", "", new Meaning.OnClaim(Claim.of("RETURN_HELD")))))
                .isEqualTo("any RETURN_HELD");
        assertThat(words(effectAgain("DELIVERED:OK", "RETURN:NEW_STATE", new Meaning.OnClaim(Claim.of("RETURN_HELD")))))
                .isEqualTo("DELIVERED RETURN_HELD");
    }

    @Test
    void an_explained_type_of_claim_says_what_kind_it_is_and_the_known_status_how_far() {
        assertThat(words(effectAgain(
                        "DELIVERED:OK", "NEW_STATE:COLLECTING", new Meaning.OnClaim(Claim.of("EXCHANGE_REQUESTED")))))
                .isEqualTo("DELIVERED EXCHANGE_COLLECTING");
    }

    @Test
    void a_code_that_is_explained_as_another_kind_of_thing_stays_parked() {
        assertThat(again("PAYED:OK", "CANCEL:NEW_STATE", new Meaning.Fulfilment(Live.SHIPPING)))
                .isInstanceOf(Unreadable.class);
    }

    @Test
    void a_confirmation_that_is_later_than_the_change_tells_the_time() {
        assertThat(only(line("PAYED:OK", "") + placed("2026-01-02T09:00:01.000+09:00"))
                        .changedAt())
                .isEqualTo(Instant.parse("2026-01-02T00:00:01Z"));
        assertThat(only(line("PAYED:OK", "") + placed("2026-01-02T08:00:00.000+09:00"))
                        .changedAt())
                .isEqualTo(CHANGED);
        assertThat(only(line("PAYED:CANCEL", "") + placed("2026-01-02T09:00:01.000+09:00"))
                        .changedAt())
                .isEqualTo(CHANGED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-02T09:00:00",
                "2026-01-02 09:00:00.000",
                "2026-02-30T09:00:00.000+09:00",
                "0001-01-01T00:00:00.000+09:00",
                "+999999999-12-31T23:59:59.999+09:00",
                ""
            })
    void a_time_without_offset_or_out_of_all_bounds_is_none(String text) {
        assertThat(NaverTimes.read(text)).isNull();
        Reading.Read read = (Reading.Read) reader.read(
                body(line("PAYED:OK", "") + placed(text), "\"order\":{\"orderDate\":\"" + text + "\"},"), CHANGED);
        assertThat(read.purchase()).isEqualTo(Purchase.UNKNOWN);
        assertThat(read.reports().getFirst().changedAt()).isEqualTo(CHANGED);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T09:00:00.500+09:00, 2026-01-02T00:00:00.500Z",
        "2026-01-02T00:00:00.500Z, 2026-01-02T00:00:00.500Z",
        "2026-01-01T19:00:00.500-05:00, 2026-01-02T00:00:00.500Z",
        "2026-01-02T09:00:00+09:00, 2026-01-02T00:00:00Z"
    })
    void a_time_counts_by_its_offset(String text, Instant instant) {
        assertThat(NaverTimes.read(text)).isEqualTo(instant);
    }

    @Test
    void the_order_says_when_it_was_placed_and_the_line_what_it_is_of() {
        Reading.Read read = (Reading.Read) reader.read(
                body(line("PAYED:OK", ""), "\"order\":{\"orderDate\":\"2026-01-02T08:59:00.000+09:00\"},"), CHANGED);
        assertThat(read)
                .isEqualTo(new Reading.Read(
                        new OrderNo("2026010212345678"),
                        true,
                        new Purchase(Instant.parse("2026-01-01T23:59:00Z"), null),
                        List.of(new Change(
                                new LineId("11"),
                                new Effect.Stands(Live.PREPARING, null),
                                CHANGED,
                                new Goods("7001", 2, new Won(1_000), new Won(2_000)),
                                "PAYED OK"))));
    }

    @Test
    void numbers_may_be_text_and_what_is_none_is_parked_beside_the_change() {
        assertThat(((Change) only("\"productOrderStatus\":\"PAYED\",\"productId\":7001,\"quantity\":\"2\","
                                + "\"unitPrice\":\"1000.00\",\"totalPaymentAmount\":2000.0"))
                        .goods())
                .isEqualTo(new Goods("7001", 2, new Won(1_000), new Won(2_000)));
        for (String wrong : List.of("\"quantity\":\"two\"", "\"unitPrice\":5.5", "\"totalPaymentAmount\":[]")) {
            List<Report> reports = reports("\"productOrderStatus\":\"PAYED\"," + wrong);
            assertThat(reports).hasSize(2).first().isInstanceOf(Change.class);
            Unreadable parked = (Unreadable) reports.getLast();
            assertThat(parked.reason()).isEqualTo("unreadable-goods");
            assertThat(reader.readAgain(parked, Map.of())).isEqualTo(parked);
        }
    }

    @Test
    void what_a_line_lacks_is_the_reason_why_it_is_parked() {
        assertThat(reasonOf("{\"change\":{\"orderId\":\"1\",\"productOrderId\":\"11\"},\"detail\":{}}"))
                .isEqualTo("no-change-time");
        assertThat(reasonOf("{\"change\":{\"orderId\":\"1\",\"lastChangedDate\":\"2026-01-02T09:00:00.500+09:00\"},"
                        + "\"detail\":{}}"))
                .isEqualTo("no-line-id");
        assertThat(((Unreadable) only("\"quantity\":1")).reason()).isEqualTo("no-code");
    }

    @Test
    void a_change_without_detail_is_parked_by_what_the_list_said_and_stays_so() {
        Unreadable parked = (Unreadable) ((Reading.Read) read("{\"change\":{" + CHANGE
                        + ",\"productOrderStatus\":\"PAYED\",\"receiverAddressChanged\":true}}"))
                .reports()
                .getFirst();
        assertThat(parked)
                .isEqualTo(new Unreadable(
                        new LineId("11"),
                        CHANGED,
                        "no-detail",
                        "orderId=2026010212345678; productOrderId=11; lastChangedType=PAYED;"
                                + " lastChangedDate=2026-01-02T09:00:00.500+09:00; productOrderStatus=PAYED;"
                                + " receiverAddressChanged:boolean"));
        assertThat(reader.readAgain(parked, Map.of("PAYED", new Meaning.Fulfilment(Live.PAID))))
                .isEqualTo(parked);
    }

    /** All of it stands where Naver puts it, and in every code's place besides. */
    @Test
    void of_personal_data_nothing_is_kept() {
        String personal = "\"name\":\"홍길동\",\"tel1\":\"010-1234-5678\",\"baseAddress\":\"서울시 중구\","
                + "\"detailedAddress\":\"101-202\",\"entryMethodContent\":\"#1234*\"";
        String detail = line("NEW_STATE:OK", "") + ",\"shippingAddress\":{" + personal + "}," + personal
                + ",\"individualCustomUniqueCode\":\"P123456789012\",\"홍길동\":1";
        Reading.Read read = (Reading.Read) reader.read(
                body(
                        detail,
                        "\"order\":{\"ordererName\":\"홍길동\",\"ordererTel\":\"010-1234-5678\"}," + "\"delivery\":{"
                                + personal + "},"),
                CHANGED);
        assertThat(read.toString()).contains("NEW_STATE", "entryMethodContent:text", "shippingAddress:object");
        nothingPersonal(read);
        nothingPersonal(read(new String(
                body(
                        "\"productOrderStatus\":\"DELIVERED\",\"placeOrderStatus\":\"홍길동 010-1234-5678\",\"productId\":"
                                + "\"홍길동\"",
                        ""),
                UTF_8)));
        nothingPersonal(read("{\"change\":{" + CHANGE + "," + personal + "}}"));
    }

    private static void nothingPersonal(Reading reading) {
        assertThat(reading.toString()).doesNotContain("홍길동", "010-1234", "서울", "101-202", "#1234", "P123456789012");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "홍길동", "a;b"})
    void a_confirmation_that_counts_for_nothing_is_kept_only_if_it_is_plain(String confirmation) {
        assertThat(only("\"productOrderStatus\":\"DELIVERED\",\"placeOrderStatus\":\"" + confirmation + "\"")
                        .raw())
                .isEqualTo("DELIVERED");
    }

    @Test
    void what_is_not_json_and_what_names_no_order_are_told_apart() {
        assertThat(read("{")).isEqualTo(new Reading.NotJson());
        assertThat(read("[]")).isEqualTo(new Reading.NoOrderNumber());
        assertThat(read("{\"detail\":{}}")).isEqualTo(new Reading.NoOrderNumber());
        assertThat(read("{\"change\":{\"orderId\":{}}}")).isEqualTo(new Reading.NoOrderNumber());
    }

    @Test
    void the_number_is_found_without_the_rest() {
        assertThat(reader.orderNo("{\"change\":{\"orderId\":2026010212345678}}".getBytes(UTF_8)))
                .hasValue(new OrderNo("2026010212345678"));
        assertThat(reader.orderNo("{\"change\":7}".getBytes(UTF_8))).isEmpty();
        assertThat(reader.orderNo("{".getBytes(UTF_8))).isEmpty();
    }

    private static final String CHANGE = "\"orderId\":\"2026010212345678\",\"productOrderId\":\"11\","
            + "\"lastChangedType\":\"PAYED\",\"lastChangedDate\":\"2026-01-02T09:00:00.500+09:00\"";

    /** @param status and confirmation, joined by a colon; {@code -} for none, and so is an empty claim */
    private static String line(String status, String claim) {
        String[] codes = status.split(":", 2);
        String[] claims = claim.split(":", 2);
        return "\"productOrderStatus\":\"" + codes[0] + "\""
                + (codes[1].equals("-") ? "" : ",\"placeOrderStatus\":\"" + codes[1] + "\"")
                + (claim.isEmpty() ? "" : ",\"claimType\":\"" + claims[0] + "\",\"claimStatus\":\"" + claims[1] + "\"")
                + ",\"productId\":\"7001\",\"quantity\":2,\"unitPrice\":1000,\"totalPaymentAmount\":2000";
    }

    private static String placed(String time) {
        return ",\"placeOrderDate\":\"" + time + "\"";
    }

    private static byte[] body(String line, String beside) {
        return ("{\"change\":{" + CHANGE + "},\"detail\":{" + beside + "\"productOrder\":{" + line + "}}}")
                .getBytes(UTF_8);
    }

    private Reading read(String body) {
        return reader.read(body.getBytes(UTF_8), CHANGED);
    }

    private List<Report> reports(String line) {
        return ((Reading.Read) reader.read(body(line, ""), CHANGED)).reports();
    }

    private Report only(String line) {
        List<Report> reports = reports(line);
        assertThat(reports).hasSize(1);
        return reports.getFirst();
    }

    private Effect effect(String line) {
        return ((Change) only(line)).effect();
    }

    private Report again(String status, String claim, Meaning meaning) {
        return reader.readAgain((Unreadable) only(line(status, claim)), Map.of("NEW_STATE", meaning));
    }

    private Effect effectAgain(String status, String claim, Meaning meaning) {
        return ((Change) again(status, claim, meaning)).effect();
    }

    private String reasonOf(String body) {
        return ((Unreadable) ((Reading.Read) read(body)).reports().getFirst()).reason();
    }
}
