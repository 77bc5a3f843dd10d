package mallstream.benchmarks.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import mallstream.benchmarks.Keys;

/** Changes of orders as Shopby writes them: each order is created, paid, prepared, and a mall has some open at a time. */
public final class OrderLoad {
    /** The mall that is hot where one is. */
    public static final String HOT = mall(0);

    private static final int OPEN = 4;
    private static final List<String> STATUSES = List.of("DEPOSIT_WAIT", "PAY_DONE", "PRODUCT_PREPARE");

    private final List<Mall> malls = new ArrayList<>();
    private final SplittableRandom random;
    private long nextOrder;

    /**
     * @param malls how many there are
     * @param firstOrder number of the first order, so that loads of one database have orders of their own
     */
    public OrderLoad(int malls, long firstOrder) {
        for (int i = 0; i < malls; i++) {
            this.malls.add(new Mall(mall(i), new ArrayDeque<>()));
        }
        nextOrder = firstOrder;
        random = new SplittableRandom(firstOrder);
    }

    private static String mall(int number) {
        return "mall-" + number;
    }

    /**
     * @param keys how orders spread over the malls
     * @return the next change
     */
    public Change next(Keys keys) {
        return ofMall(malls.get(keys.draw(random, malls.size())));
    }

    /** The next change of the hot mall. */
    public Change nextOfHot() {
        return ofMall(malls.getFirst());
    }

    /**
     * The changes that are left of all orders that were begun, so that every order ends prepared.
     *
     * @param to gets each
     */
    public void rest(Consumer<Change> to) {
        malls.forEach(mall -> {
            while (!mall.open.isEmpty()) {
                to.accept(step(mall));
            }
        });
    }

    private Change ofMall(Mall mall) {
        // Of three changes one begins an order, and the oldest orders go on.
        if (mall.open.isEmpty() || mall.open.size() < OPEN && random.nextInt(3) == 0) {
            mall.open.add(new Open(nextOrder++, 0));
        }
        return step(mall);
    }

    private static Change step(Mall mall) {
        Open order = mall.open.remove();
        if (order.step + 1 < STATUSES.size()) {
            mall.open.add(new Open(order.number, order.step + 1));
        }
        return new Change(mall.name, body(order.number, order.step).getBytes(UTF_8));
    }

    /** One line in half of the orders, two in the others, in a delivery each; about 1 kB. */
    private static String body(long number, int step) {
        String groups = group(number, 1, step);
        return """
                {"orderNo":"%d","mallNo":78001,"orderYmdt":"2026-01-02 15:04:30","memberNo":45001,"memberId":"gildong",\
                "ordererName":"홍길동","ordererContact1":"010-0000-0000","ordererEmail":"gildong@example.com",\
                "payType":"VIRTUAL_ACCOUNT","currencyCode":"KRW","firstPayAmt":47000,"lastPayAmt":47000,\
                "deliveryGroups":[%s]}""".formatted(
                        202601020000000000L + number, number % 2 == 0 ? groups : groups + "," + group(number, 2, step));
    }

    private static String group(long number, int line, int step) {
        String changedAt = "2026-01-02 1" + (5 + step) + ":12:05";
        return """
                {"deliveryNo":910001,"invoiceNo":null,"deliveryCompanyType":"CJ","receiverName":"홍길동",\
                "receiverContact1":"010-0000-0000","receiverZipCd":"04524","receiverAddress":"서울특별시 중구 세종대로 110",\
                "receiverDetailAddress":"1층","orderProducts":[{"orderProductNo":920001,"mallProductNo":100000301,\
                "productName":"Canvas bag","orderProductOptions":[{"orderProductOptionNo":%d%d,"orderStatusType":"%s",\
                "claimStatusType":null,"claimNo":null,"orderCnt":1,"salePrice":32000,"adjustedAmt":32000,"payYmdt":%s,\
                "statusChangeYmdt":"%s","optionName":"색상","optionValue":"파랑"}]}]}""".formatted(
                        number, line, STATUSES.get(step), step == 0 ? "null" : "\"2026-01-02 16:12:05\"", changedAt);
    }

    /**
     * A change of an order.
     *
     * @param mall the key
     * @param body the value
     */
    public record Change(String mall, byte[] body) {}

    private record Open(long number, int step) {}

    private record Mall(String name, Deque<Open> open) {}
}
