package mallstream.order.adapter.out.naverpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import mallstream.order.application.port.in.PullOrders;
import mallstream.order.application.port.in.PullOrders.Pulled;
import mallstream.order.application.port.out.OrderFeed;
import mallstream.order.model.MallId;
import mallstream.order.testing.HandClock;
import mallstream.order.testing.OrderModule;
import mallstream.order.testing.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import standin.naver.NaverStub;

class NaverPullIT {
    private static final MallId MALL = new MallId("mall-1");

    private final Instant began = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    /** It runs ahead of Naver's by all that was waited for. */
    private final HandClock clock = new HandClock(began);

    private final NaverStub naver = new NaverStub();
    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.dataSource());
    private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

    @BeforeEach
    void empty() {
        jdbc.sql("truncate orders.sales_order, orders.line, orders.history, orders.pull, orders.shedlock")
                .update();
    }

    @AfterEach
    void stop() {
        instances.forEach(ConfigurableApplicationContext::close);
        naver.close();
    }

    @Test
    void twelve_thousand_changes_are_stored_once_through_limits_expired_tokens_and_pullers_that_die() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        int changes = 12_000;
        Instant first = began.minus(Duration.ofHours(30));
        for (int n = 0; n < changes; n++) {
            naver.put(new NaverStub.Line(
                    "20260102" + (10_000_000 + n), "O" + n / 2, first.plusSeconds(n * 8L), "PAYED", "OK"));
        }
        for (int n = 0; n < 6; n++) {
            naver.fail(new NaverStub.Failure(429, "GW.RATE_LIMIT", Map.of("GNCP-GW-RateLimit-Replenish-Rate", "2")));
            naver.fail(new NaverStub.Failure(429, "GW.QUOTA_LIMIT", Map.of("GNCP-GW-Quota-Period", "30")));
            naver.fail(new NaverStub.Failure(503, "GW.TIMEOUT", Map.of()));
        }
        AtomicInteger deaths = new AtomicInteger();
        List<Thread> pullers = new ArrayList<>();
        naver.endTokensAtPage(12);
        List<Throwable> failed = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            PullOrders pull = instance(new Random(random.nextLong()), deaths, first.minusSeconds(60));
            pullers.add(Thread.ofVirtual().start(() -> {
                try {
                    untilCaughtUp(pull);
                } catch (RuntimeException | AssertionError failure) {
                    failed.add(failure);
                }
            }));
        }
        for (Thread puller : pullers) {
            assertThat(puller.join(Duration.ofSeconds(60)))
                    .as("seed %d: %s", seed, naver.calls())
                    .isTrue();
        }
        System.out.printf(
                "seed %d: %s, deaths %d, %d s%n",
                seed,
                naver.calls(),
                deaths.get(),
                Duration.between(began, Instant.now()).toSeconds());
        assertThat(failed).isEmpty();
        assertThat(count("select count(*) from orders.history"))
                .as("seed %d", seed)
                .isEqualTo(changes);
        assertThat(
                        count(
                                "select count(distinct line_id) from orders.history where kind = 'APPLIED' and to_status = 'PREPARING'"))
                .isEqualTo(changes);
        assertThat(count("select count(*) from orders.sales_order")).isEqualTo(changes / 2);
        assertThat(count("select count(*) from orders.pull where window_from is null and failures = 0"))
                .isEqualTo(1);
        assertThat(naver.calls().get("changes")).isGreaterThanOrEqualTo(40);
        assertThat(deaths).hasPositiveValue();
        List<?> rows = jdbc.sql(
                        "select to_jsonb(h)::text from orders.history h where raw like '%홍%' or raw like '%1234%' or raw like '%token%'")
                .query(String.class)
                .list();
        assertThat(rows).isEmpty();
    }

    @Test
    void a_detail_that_never_comes_is_parked_after_three_questions() {
        naver.put(new NaverStub.Line("1", "O1", began.minusSeconds(600), "PAYED", "OK"));
        naver.put(new NaverStub.Line("2", "O2", began.minusSeconds(500), "DELIVERING", "OK"));
        naver.hide("1", true);
        untilCaughtUp(instance(null, new AtomicInteger(), began.minusSeconds(3600)));
        assertThat(naver.calls().get("details")).isEqualTo(3);
        assertThat(jdbc.sql(
                                "select line_id || ' ' || kind || ' ' || coalesce(reason, to_status) from orders.history order by 1")
                        .query(String.class)
                        .list())
                .isEqualTo(List.of("1 PARKED no-detail", "2 APPLIED SHIPPING"));
    }

    @Test
    void an_address_that_is_not_allowed_is_said_with_the_remedy_and_asked_again_only_at_the_next_poll() {
        naver.fail(new NaverStub.Failure(403, "GW.IP_NOT_ALLOWED", Map.of()));
        PullOrders pull = instance(null, new AtomicInteger(), began.minusSeconds(3600));
        Pulled pulled = pull.pull(MALL);
        assertThat(pulled).isInstanceOfSatisfying(Pulled.Failing.class, failing -> {
            assertThat(failing.until()).isEqualTo(began.plusSeconds(60));
            assertThat(failing.why()).contains("add the address");
            assertThat(failing.traceId()).isEqualTo("trace-1");
        });
        assertThat(pull.pull(MALL)).isInstanceOf(Pulled.RestUntil.class);
        assertThat(naver.calls()).containsEntry("403 GW.IP_NOT_ALLOWED", 1).doesNotContainKey("changes");
        untilCaughtUp(pull);
    }

    @Test
    void a_range_that_is_too_long_is_halved_until_it_is_taken() {
        naver.refuseLongerThan(Duration.ofHours(5));
        naver.put(new NaverStub.Line("1", "O1", began.minus(Duration.ofHours(20)), "PAYED", "OK"));
        naver.put(new NaverStub.Line("2", "O2", began.minus(Duration.ofHours(1)), "PAYED", "OK"));
        untilCaughtUp(instance(null, new AtomicInteger(), began.minus(Duration.ofHours(23))));
        assertThat(count("select count(*) from orders.history")).isEqualTo(2);
        assertThat(naver.calls()).containsKey("400 104139");
    }

    private void untilCaughtUp(PullOrders pull) {
        while (true) {
            try {
                switch (pull.pull(MALL)) {
                    case Pulled.MoreToDo more -> {}
                    case Pulled.CaughtUp caughtUp -> {
                        return;
                    }
                    case Pulled.RestUntil rest -> {
                        if (rest.why().equals("not due") && jdbcCaughtUp()) {
                            return;
                        }
                        if (rest.why().startsWith("another instance")) {
                            Thread.onSpinWait();
                        } else {
                            clock.until(rest.until());
                        }
                    }
                    case Pulled.Failing failing -> clock.until(failing.until());
                }
            } catch (Died died) {
                // The next round is the next process.
            }
        }
    }

    private boolean jdbcCaughtUp() {
        return count(
                        "select count(*) from orders.pull where window_from is null and watermark > now() - interval '10 minutes'")
                == 1;
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    private PullOrders instance(@Nullable Random dying, AtomicInteger deaths, Instant since) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(OrderModule.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.flyway.enabled=false",
                        "spring.main.banner-mode=off",
                        "naver.url=" + naver.url(),
                        "naver.since=" + since)
                .initializers(made -> {
                    GenericApplicationContext beans = (GenericApplicationContext) made;
                    beans.registerBean(Clock.class, () -> clock);
                    if (dying != null) {
                        beans.getBeanFactory().addBeanPostProcessor(new Dying(dying, deaths));
                    }
                })
                .run();
        instances.add(context);
        return context.getBean(PullOrders.class);
    }

    /** The end of a process in the middle of a page, as far as its data are concerned. */
    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    private record Dying(Random random, AtomicInteger deaths) implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (!(bean instanceof OrderFeed)) {
                return bean;
            }
            return Proxy.newProxyInstance(
                    OrderFeed.class.getClassLoader(), new Class<?>[] {OrderFeed.class}, (proxy, method, arguments) -> {
                        if (random.nextInt(12) == 0) {
                            deaths.incrementAndGet();
                            throw new Died();
                        }
                        try {
                            return method.invoke(bean, arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    });
        }
    }
}
