package mallstream.bootstrap.system;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import mallstream.bootstrap.infrastructure.Infrastructure;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import standin.naver.NaverStub;

/**
 * What callers and collectors do while something is broken: people sign up by HTTP at any instance, each with an
 * idempotency key and again until the answer is 201; orders of many malls change and are published to the channels' topics,
 * each change of an order after the one before it; and orders of one mall change at Naver's, where they are pulled.
 */
final class TrialLoad implements AutoCloseable {
    /** What an order goes through, as the database names it. */
    static final List<String> STATES = List.of("CREATED", "PAID", "PREPARING", "SHIPPING", "DELIVERED");

    private static final List<String> GODOMALL = List.of("o1", "p1", "g1", "d1", "d2");
    private static final List<String> SHOPBY =
            List.of("DEPOSIT_WAIT", "PAY_DONE", "PRODUCT_PREPARE", "DELIVERY_ING", "DELIVERY_DONE");
    private static final List<String> NAVER = List.of("PAYMENT_WAITING", "PAYED", "PAYED", "DELIVERING", "DELIVERED");
    /** The mall whose orders are pulled. */
    static final String NAVER_MALL = "order-naver";

    private static final int NAVER_SHARE = 5;
    private static final int CALLERS = 8;
    private static final int SIGN_UP_MALLS = 5;
    private static final int ORDER_MALLS = 20;
    /** Orders of a mall that are under way at the same time. */
    private static final int OPEN_ORDERS = 3;
    /** How long a caller goes on with a sign-up after the load has ended. */
    private static final long LAST_TRIES_SECONDS = 60;

    /**
     * A change that was published.
     *
     * @param order whose
     * @param state index of {@link #STATES}
     * @param at when it was given to the producer, milliseconds since 1970
     * @param sent the broker's answer
     */
    record Change(OrderName order, int state, long at, Future<RecordMetadata> sent) {}

    /** @param channel {@code godomall}, {@code shopby} or {@code naverpay} */
    record OrderName(String channel, String mall, String number) {}

    private final List<Instance> instances;
    private final Map<UUID, String> signedUp = new ConcurrentHashMap<>();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private final List<Change> changes = new ArrayList<>();
    private final NaverStub naver;
    private final Map<String, Integer> pulled = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final KafkaProducer<String, String> producer;

    /**
     * Begins.
     *
     * @param on where the broker is
     * @param instances who is called
     * @param naver where orders of {@link #NAVER_MALL} change
     * @param random gives malls, orders and keys
     * @param signUps per second
     * @param changes of orders per second
     */
    TrialLoad(
            Infrastructure on,
            List<Instance> instances,
            NaverStub naver,
            RandomGenerator random,
            int signUps,
            int changes) {
        this.instances = instances;
        this.naver = naver;
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", on.bootstrapServers(),
                        "linger.ms", "5",
                        "max.block.ms", "300000",
                        "delivery.timeout.ms", "300000"),
                new StringSerializer(),
                new StringSerializer());
        for (int i = 0; i < CALLERS; i++) {
            var own = new SplittableRandom(random.nextLong());
            threads.add(Thread.ofVirtual().name("caller").start(() -> call(own, CALLERS * 1000L / signUps)));
        }
        var own = new SplittableRandom(random.nextLong());
        threads.add(Thread.ofVirtual().name("collector").start(() -> collect(own, 1000L / changes)));
    }

    private void call(RandomGenerator random, long periodMillis) {
        while (!endedWithin(periodMillis)) {
            String path = "/api/malls/sign-up-" + random.nextInt(SIGN_UP_MALLS) + "/members";
            UUID key = new UUID(random.nextLong(), random.nextLong());
            String body = Api.person("p" + key);
            long giveUp = Long.MAX_VALUE;
            while (!signUp(path, body, key, random) && System.nanoTime() < giveUp) {
                if (endedWithin(100) && giveUp == Long.MAX_VALUE) {
                    giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_TRIES_SECONDS);
                }
            }
        }
    }

    /** Whether the answer was 201, or one that no second call would change. */
    private boolean signUp(String path, String body, UUID key, RandomGenerator random) {
        Instance.Life life = instances.get(random.nextInt(instances.size())).life();
        try {
            Api.Answer answer = life.api.post(path, body, key.toString());
            if (answer.status() == 201) {
                signedUp.put(UUID.fromString(answer.text("memberId")), path.split("/", -1)[3]);
                return true;
            }
            // 409: the call before this one is still under way in a process that was frozen, or cut off.
            if (answer.status() < 500 && answer.status() != 409) {
                refusals.add(answer.status() + " " + answer.body());
                return true;
            }
            return false;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private void collect(RandomGenerator random, long periodMillis) {
        // One more: the mall that is pulled, which gets a share of its own.
        int[][] states = new int[ORDER_MALLS + 1][OPEN_ORDERS];
        int[][] numbers = new int[ORDER_MALLS + 1][OPEN_ORDERS];
        int next = 1;
        while (!endedWithin(periodMillis)) {
            int mall = random.nextInt(NAVER_SHARE) == 0 ? ORDER_MALLS : random.nextInt(ORDER_MALLS);
            int open = random.nextInt(OPEN_ORDERS);
            if (numbers[mall][open] == 0 || states[mall][open] == STATES.size()) {
                numbers[mall][open] = next++;
                states[mall][open] = 0;
            }
            if (mall == ORDER_MALLS) {
                changeAtNaver(numbers[mall][open], states[mall][open]++);
            } else {
                publish(mall, numbers[mall][open], states[mall][open]++);
            }
        }
    }

    private void changeAtNaver(int number, int state) {
        String order = "2601020300%06d".formatted(number);
        naver.put(new NaverStub.Line(
                order + "1",
                order,
                // Nothing of the last minute is asked for; nobody needs to wait for it here.
                Instant.now().minusSeconds(59).truncatedTo(ChronoUnit.MILLIS),
                NAVER.get(state),
                state == 2 ? "OK" : "NOT_YET"));
        pulled.put(order, state);
    }

    private void publish(int mall, int number, int state) {
        String channel = mall % 2 == 0 ? "godomall" : "shopby";
        OrderName order = new OrderName(channel, "order-" + mall, "2601020300%06d".formatted(number));
        String body = channel.equals("godomall") ? godomall(order, state) : shopby(order, state);
        var change = new ProducerRecord<>("order." + channel + ".changed", order.mall(), body);
        synchronized (changes) {
            changes.add(new Change(order, state, System.currentTimeMillis(), producer.send(change)));
        }
    }

    private static String godomall(OrderName order, int state) {
        String code = GODOMALL.get(state);
        return """
                {"orderNo":"%s","orderStatus":"%s","orderDate":"2026-01-02 12:00:00","orderChannelFl":"shop",
                 "settlePrice":"10000","orderGoodsData":[{"sno":"1","orderStatus":"%s","goodsNo":"7","goodsCnt":"1"}]}""".formatted(order.number(), code, code);
    }

    private static String shopby(OrderName order, int state) {
        return """
                {"orderNo":"%s","mallNo":1,"orderYmdt":"2026-01-02 12:00:00","deliveryGroups":[{"deliveryNo":1,
                 "orderProducts":[{"orderProductNo":1,"orderProductOptions":[{"orderProductOptionNo":1,
                 "orderStatusType":"%s","claimStatusType":null,"orderCnt":1,
                 "statusChangeYmdt":"2026-01-02 12:0%d:00"}]}]}]}""".formatted(order.number(), SHOPBY.get(state), state);
    }

    private boolean endedWithin(long millis) {
        try {
            return ended.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Members whose sign-up was answered 201, with their malls. */
    Map<UUID, String> signedUp() {
        return signedUp;
    }

    /** Answers that refuse a sign-up; there should be none. */
    List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** All changes of orders, in the order in which they were published. */
    List<Change> changes() {
        synchronized (changes) {
            return List.copyOf(changes);
        }
    }

    /** Orders that changed at Naver's, each with the index of its last state. */
    Map<OrderName, Integer> changedAtNaver() {
        Map<OrderName, Integer> last = new HashMap<>();
        pulled.forEach((number, state) -> last.put(new OrderName("naverpay", NAVER_MALL, number), state));
        return last;
    }

    /** Ends the load, and waits until all that was begun is answered. */
    @Override
    public void close() {
        ended.countDown();
        for (Thread each : threads) {
            try {
                each.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        producer.close();
    }
}
