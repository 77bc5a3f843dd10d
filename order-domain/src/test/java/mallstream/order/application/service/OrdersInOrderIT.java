package mallstream.order.application.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import mallstream.order.application.port.in.ApplyChannelOrders;
import mallstream.order.application.port.in.ApplyChannelOrders.ChannelOrder;
import mallstream.order.application.port.in.ApplyChannelOrders.Source;
import mallstream.order.application.port.in.Outcome;
import mallstream.order.application.port.in.ReadOrder;
import mallstream.order.application.port.in.ReadOrder.Found;
import mallstream.order.model.Channel;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.LineStatus.Live;
import mallstream.order.model.MallId;
import mallstream.order.model.OrderNo;
import mallstream.order.testing.OrderModule;
import mallstream.order.testing.Samples;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(
        classes = OrderModule.class,
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {"spring.flyway.enabled=false", "spring.main.banner-mode=off"})
class OrdersInOrderIT {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final List<String> STEPS = List.of("created", "paid", "preparing");
    private static final OrderNo GODOMALL_NUMBER = new OrderNo("2601021504000001");
    private static final OrderNo SHOPBY_NUMBER = new OrderNo("202601021504000002");

    private final ApplyChannelOrders apply;
    private final ReadOrder read;
    private final JdbcClient jdbc;

    @Autowired
    OrdersInOrderIT(ApplyChannelOrders apply, ReadOrder read, JdbcClient jdbc) {
        this.apply = apply;
        this.read = read;
        this.jdbc = jdbc;
    }

    @BeforeEach
    void empty() {
        jdbc.sql("truncate orders.sales_order, orders.line, orders.history").update();
    }

    @Test
    void fifty_malls_interleaved_end_preparing_each_with_its_history_in_order() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<ChannelOrder> stream = interleaved(50, random);
        for (int from = 0; from < stream.size(); ) {
            int to = Math.min(stream.size(), from + 1 + random.nextInt(40));
            apply.apply(stream.subList(from, to));
            // Now and then the consumer dies before it commits, and the same records come again.
            if (random.nextInt(3) > 0) {
                from = to;
            }
        }
        for (int mall = 0; mall < 50; mall++) {
            for (Channel channel : List.of(Channel.GODOMALL, Channel.SHOPBY)) {
                Found.One found = found(mall, channel);
                assertThat(found.order().status())
                        .as("mall-%d, seed %d (repeat with -Dseed)", mall, seed)
                        .hasValue(Live.PREPARING);
                assertThat(found.history())
                        .extracting(HistoryEntry::to)
                        .as("mall-%d, seed %d (repeat with -Dseed)", mall, seed)
                        .containsExactly(
                                Live.CREATED, Live.CREATED, Live.PAID, Live.PAID, Live.PREPARING, Live.PREPARING);
            }
        }
    }

    @Test
    void the_same_positions_again_change_and_write_nothing() {
        List<ChannelOrder> stream = interleaved(5, new Random(1));
        assertThat(apply.apply(stream)).hasSize(30).containsOnly(new Outcome.Done());
        List<?> before = everything();
        assertThat(apply.apply(stream)).hasSize(30).containsOnly(new Outcome.AlreadyDone());
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void one_order_from_several_threads_ends_in_its_last_true_state() throws InterruptedException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int mall = 0; mall < 20; mall++) {
            List<Thread> threads = new ArrayList<>();
            List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
            List<Integer> steps = new ArrayList<>(List.of(0, 1, 2));
            Collections.shuffle(steps, random);
            for (int step : steps) {
                ChannelOrder order = order(Channel.SHOPBY, mall, step, step);
                // Each record twice, as if two members held the partition.
                for (int member = 0; member < 2; member++) {
                    threads.add(Thread.ofVirtual().start(() -> outcomes.addAll(apply.apply(List.of(order)))));
                }
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(outcomes)
                    .containsExactlyInAnyOrder(
                            new Outcome.Done(),
                            new Outcome.Done(),
                            new Outcome.Done(),
                            new Outcome.AlreadyDone(),
                            new Outcome.AlreadyDone(),
                            new Outcome.AlreadyDone());
            Found.One found = found(mall, Channel.SHOPBY);
            assertThat(found.order().status())
                    .as("seed %d (repeat with -Dseed)", seed)
                    .hasValue(Live.PREPARING);
            assertThat(found.history()).hasSize(6);
        }
    }

    @Test
    void lists_that_share_orders_in_opposite_order_never_wait_for_each_other() throws InterruptedException {
        List<ChannelOrder> forth = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            forth.add(new ChannelOrder(
                    Channel.GODOMALL,
                    new MallId("mall-0"),
                    ("{\"orderNo\":" + number + ",\"orderGoodsData\":[{\"sno\":1,\"orderStatus\":\"p1\"}]}")
                            .getBytes(UTF_8),
                    NOW,
                    new Source("topic", 0, number)));
        }
        List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 6; thread++) {
            List<ChannelOrder> mine = thread % 2 == 0 ? forth : forth.reversed();
            threads.add(Thread.ofVirtual().start(() -> outcomes.addAll(apply.apply(mine))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(outcomes).hasSize(600);
        assertThat(outcomes).filteredOn(new Outcome.Done()::equals).hasSize(100);
    }

    /** The three steps of one order of each channel in each mall, in order per mall and shuffled between the malls. */
    private static List<ChannelOrder> interleaved(int malls, Random random) {
        int[] next = new int[2 * malls];
        List<ChannelOrder> stream = new ArrayList<>();
        while (stream.size() < next.length * STEPS.size()) {
            int one = random.nextInt(next.length);
            if (next[one] < STEPS.size()) {
                Channel channel = one % 2 == 0 ? Channel.GODOMALL : Channel.SHOPBY;
                stream.add(order(channel, one / 2, next[one]++, stream.size()));
            }
        }
        return stream;
    }

    private static ChannelOrder order(Channel channel, int mall, int step, long offset) {
        String vendor = channel == Channel.GODOMALL ? "godomall" : "shopby";
        return new ChannelOrder(
                channel,
                new MallId("mall-" + mall),
                Samples.bytes(vendor + "-order-" + STEPS.get(step) + ".json"),
                NOW.plusMillis(offset),
                new Source("order." + vendor + ".changed", mall % 8, offset));
    }

    private Found.One found(int mall, Channel channel) {
        OrderNo number = channel == Channel.GODOMALL ? GODOMALL_NUMBER : SHOPBY_NUMBER;
        return (Found.One) read.read(new MallId("mall-" + mall), number, null);
    }

    private List<?> everything() {
        return List.of(
                jdbc.sql("select * from orders.history order by id").query().listOfRows(),
                jdbc.sql("select l.*, l.xmin::text from orders.line l order by 1, 2")
                        .query()
                        .listOfRows());
    }
}
