package mallstream.bootstrap;

import static mallstream.bootstrap.infrastructure.PlatformTest.OPERATOR_KEY;
import static mallstream.bootstrap.infrastructure.PlatformTest.OPERATOR_KEY_SHA256;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import mallstream.bootstrap.SecuritySettings.ApiKey;
import mallstream.bootstrap.SecuritySettings.Role;
import mallstream.kafka.consume.ConsumerControl;
import mallstream.order.application.port.in.OrderLanes;
import mallstream.order.application.port.in.ParkedChanges;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The management calls about consumers with their own edge, on a control that only notes what it is told. */
@SpringBootTest(
        classes = ConsumersEndpointIT.Edge.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0", "management.endpoint.health.validate-group-membership=false"})
class ConsumersEndpointIT {
    private static final String AT = "2026-01-02T03:04:05Z";
    private static final JsonMapper JSON = new JsonMapper();

    private final Notes control;
    private final Http http;
    private final Http main;

    @Autowired
    ConsumersEndpointIT(Notes control, @LocalManagementPort int managementPort, @LocalServerPort int port) {
        this.control = control;
        this.http = new Http(managementPort);
        this.main = new Http(port);
    }

    /** It has no annotation that a scan looks for. */
    @EnableAutoConfiguration(
            exclude = {
                DataSourceAutoConfiguration.class,
                HibernateJpaAutoConfiguration.class,
                FlywayAutoConfiguration.class,
                KafkaAutoConfiguration.class,
                UserDetailsServiceAutoConfiguration.class,
                ErrorMvcAutoConfiguration.class
            })
    @Import({Security.class, Problems.class, TomcatProblems.class})
    static class Edge {
        @Bean
        SecuritySettings securitySettings() {
            return new SecuritySettings(List.of(new ApiKey("test-operator", Role.OPERATOR, OPERATOR_KEY_SHA256, null)));
        }

        @Bean
        Notes control() {
            return new Notes();
        }

        /** The management port has calls about orders as well, which nobody makes here. */
        @Bean
        ParkedChanges parkedChanges() {
            return uncalled(ParkedChanges.class);
        }

        @Bean
        OrderLanes orderLanes() {
            return uncalled(OrderLanes.class);
        }

        private static <T> T uncalled(Class<T> type) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        if (method.getDeclaringClass() == Object.class) {
                            return method.invoke(type, arguments);
                        }
                        throw new UnsupportedOperationException(method.getName());
                    }));
        }
    }

    @BeforeEach
    void forget() {
        control.calls.clear();
        control.failure = null;
    }

    @Test
    void all_consumers_are_shown() {
        HttpResponse<String> answer = get("");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        JsonNode consumer = JSON.readTree(answer.body()).path("consumers").path(0);
        assertThat(consumer.path("instance").asString()).isEqualTo("host-1");
        assertThat(consumer.path("name").asString()).isEqualTo("coupon");
        assertThat(consumer.path("maxHeld").asInt()).isEqualTo(1000);
        assertThat(control.calls).containsExactly("consumers");
    }

    @Test
    void one_consumer_is_shown_with_what_holds_its_frontier() {
        JsonNode consumer = JSON.readTree(get("/coupon").body());

        assertThat(consumer.path("members").path(0).path("ours").asBoolean()).isFalse();
        JsonNode holder = consumer.path("partitions").path(0).path("holder");
        assertThat(holder.path("offset").asLong()).isEqualTo(41);
        assertThat(holder.path("stack").path(0).asString()).isEqualTo("at some.Handler");
        JsonNode hot = consumer.path("hot").path(0);
        assertThat(hot.path("key").asString()).isEqualTo("mall-1");
        assertThat(hot.path("share").asDouble()).isEqualTo(0.6);
        assertThat(hot.path("perSecond").asDouble()).isEqualTo(120);
        assertThat(hot.path("waitMean").asDouble()).isEqualTo(3.5);
        assertThat(hot.path("waitLongest").asDouble()).isEqualTo(9);
        assertThat(hot.path("held").asInt()).isEqualTo(400);
        assertThat(hot.path("suggestion").asString()).isEqualTo("lanes per order would help");
        assertThat(consumer.has("perSecond")).isTrue();
        assertThat(consumer.path("perSecond").isNull()).isTrue();
        assertThat(control.calls).containsExactly("consumer coupon");
    }

    @Test
    void a_pause_and_its_end_are_told_with_the_callers_name() {
        assertThat(post("/coupon/pause", null).statusCode()).isEqualTo(204);
        assertThat(post("/coupon/pause", "{}").statusCode()).isEqualTo(204);
        assertThat(post("/coupon/resume", null).statusCode()).isEqualTo(204);

        assertThat(control.calls)
                .containsExactly(
                        "pause coupon by test-operator",
                        "pause coupon by test-operator",
                        "resume coupon by test-operator");
    }

    @Test
    void limits_are_told_and_what_is_left_out_is_none() {
        assertThat(post("/coupon/limits", "{\"maxInFlight\":8,\"perSecond\":100}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(post("/coupon/limits", "{\"perSecond\":null}").statusCode()).isEqualTo(204);

        assertThat(control.calls)
                .containsExactly(
                        "limits coupon Limits[maxInFlight=8, perSecond=100] by test-operator",
                        "limits coupon Limits[maxInFlight=null, perSecond=null] by test-operator");
    }

    @ParameterizedTest
    @CsvSource({"'',false", "?dry-run,true", "?dry-run=,true", "?dry-run=true,true", "?dry-run=false,false"})
    void offsets_are_moved_unless_the_run_is_dry(String query, boolean dry) {
        HttpResponse<String> answer = post("/coupon/offsets" + query, "{\"partition\":3,\"to\":17}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"dryRun\":" + dry + ",\"moves\":[{\"partition\":3,\"from\":20,\"to\":17,\"records\":3}]}");
        assertThat(control.calls)
                .containsExactly(
                        "offsets coupon OffsetTarget[partition=3, to=17, time=null] " + dry + " by test-operator");
    }

    @Test
    void offsets_are_moved_to_a_time() {
        assertThat(post("/coupon/offsets", "{\"time\":\"" + AT + "\"}").statusCode())
                .isEqualTo(200);

        assertThat(control.calls)
                .containsExactly(
                        "offsets coupon OffsetTarget[partition=null, to=null, time=" + AT + "] false by test-operator");
    }

    @Test
    void dead_letters_are_shown_by_page_and_filter() {
        HttpResponse<String> answer = get("/coupon/dead-letters");
        get("/coupon/dead-letters?reason=too-old&topic=member.signed-up&key=m%201&after=3-17&size=500");

        assertThat(answer.body()).contains("\"id\":\"3-17\"", "\"at\":\"" + AT + "\"", "\"next\":\"3-18\"");
        assertThat(control.calls)
                .containsExactly(
                        "deadLetters coupon DeadLetterQuery[reason=null, topic=null, key=null, after=null, size=50]",
                        "deadLetters coupon DeadLetterQuery[reason=too-old, topic=member.signed-up, key=m 1,"
                                + " after=3-17, size=500]");
    }

    @Test
    void a_replay_of_ids_or_of_a_reason_is_started() {
        HttpResponse<String> answer =
                post("/coupon/dead-letters/replay", "{\"ids\":[\"3-17\",\"3-18\"],\"perSecond\":5}");
        post("/coupon/dead-letters/replay", "{\"reason\":\"too-old\"}");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("{\"id\":\"r-1\",\"count\":2,\"leftOut\":[\"3-18\"]}");
        assertThat(control.calls)
                .containsExactly(
                        "replay coupon ReplayRequest[ids=[3-17, 3-18], reason=null, perSecond=5] by test-operator",
                        "replay coupon ReplayRequest[ids=null, reason=too-old, perSecond=null] by test-operator");
    }

    @Test
    void a_name_that_is_none_is_404() {
        control.failure = new ConsumerControl.NoSuchConsumer(List.of("coupon", "points"));

        for (HttpResponse<String> answer : List.of(
                get("/cupon"),
                post("/cupon/pause", null),
                post("/cupon/limits", "{}"),
                post("/cupon/offsets", "{\"time\":\"" + AT + "\"}"),
                get("/cupon/dead-letters"),
                post("/cupon/dead-letters/replay", "{\"reason\":\"x\"}"))) {
            problem(answer, 404);
            assertThat(answer.body()).contains("no such consumer; there are coupon, points");
        }
    }

    @Test
    void an_action_that_is_none_is_404_and_another_method_405() {
        problem(post("/coupon/stop", "{}"), 404);
        problem(post("/coupon/dead-letters/3-17", "{}"), 404);
        problem(get("/coupon/dead-letters/3-17"), 404);
        problem(get("/"), 404);
        problem(post("", "{}"), 405);
        problem(get("/coupon/pause"), 405);
        problem(post("/coupon/dead-letters", "{}"), 405);
        assertThat(control.calls).isEmpty();
    }

    @Test
    void what_cannot_be_followed_is_400_and_names_the_field() {
        control.failure = new ConsumerControl.InvalidRequest("perSecond", "must be 1 to 1,000,000");

        HttpResponse<String> answer = post("/coupon/limits", "{\"perSecond\":0}");

        problem(answer, 400);
        assertThat(answer.body()).contains("perSecond: must be 1 to 1,000,000", "\"field\":\"perSecond\"");
    }

    @Test
    void what_cannot_be_followed_now_is_409_and_says_why() {
        control.failure = new ConsumerControl.Conflict("coupon runs; pause it first");

        HttpResponse<String> answer = post("/coupon/offsets", "{\"time\":\"" + AT + "\"}");

        problem(answer, 409);
        assertThat(answer.body()).contains("coupon runs; pause it first");
    }

    @Test
    void without_kafka_the_answer_is_503() {
        control.failure = new ConsumerControl.Unreachable(new IllegalStateException("secret-broker:9092"));

        for (HttpResponse<String> answer :
                List.of(get("/coupon"), post("/coupon/pause", null), get("/coupon/dead-letters"))) {
            problem(answer, 503);
            assertThat(answer.body()).contains("Kafka", "try again later").doesNotContain("secret-broker");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/limits | '' | body",
                "/limits | null | body",
                "/limits | [] | body",
                "/limits | 7 | body",
                "/limits | {\"maxInFlight\":8 | body",
                "/limits | {\"maxInFlight\":8}{} | body",
                "/limits | {\"maxInFlight\":8,\"maxInFlight\":9} | body",
                "/limits | {\"hongMax\":8} | known are maxInFlight, perSecond",
                "/limits | {\"maxInFlight\":\"8\"} | maxInFlight",
                "/limits | {\"maxInFlight\":8.5} | maxInFlight",
                "/limits | {\"maxInFlight\":true} | maxInFlight",
                "/limits | {\"maxInFlight\":99999999999} | range",
                "/limits | {\"maxInFlight\":{\"hong\":1}} | maxInFlight",
                "/offsets | {\"time\":\"hong\"} | time",
                "/offsets | {\"time\":1767323045} | time",
                "/offsets | {\"to\":\"hong\"} | to",
                "/offsets | {\"offset\":1} | known are partition, time, to",
                "/dead-letters/replay | {\"ids\":\"3-17\"} | ids",
                "/dead-letters/replay | {\"ids\":[[\"hong\"]]} | right type",
                "/dead-letters/replay | {\"id\":\"hong\"} | known are ids, perSecond, reason",
                "/pause | {\"partition\":3} | none is known here",
                "/resume | hong | body",
            })
    void a_body_that_is_not_understood_changes_nothing_and_is_400_without_repeating_it(
            String action, String body, String told) {
        HttpResponse<String> answer = post("/coupon" + action, body);

        problem(answer, 400);
        assertThat(answer.body())
                .contains(told, "\"field\":\"")
                .doesNotContain("hong")
                .doesNotContain("java")
                .doesNotContain("line");
        assertThat(control.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?dryrun",
                "?dry-run=perhaps",
                "?dry-run=true&force=true",
            })
    void a_parameter_that_is_not_understood_moves_nothing(String query) {
        problem(post("/coupon/offsets" + query, "{\"partition\":3,\"to\":17}"), 400);
        assertThat(control.calls).isEmpty();
    }

    @Test
    void parameters_that_nobody_reads_are_400_everywhere() {
        problem(get("?page=2"), 400);
        problem(get("/coupon?page=2"), 400);
        problem(post("/coupon/pause?for=10m", null), 400);
        problem(get("/coupon/dead-letters?size=many"), 400);
        problem(get("/coupon/dead-letters?reasons=too-old"), 400);
        assertThat(control.calls).isEmpty();
    }

    @Test
    void another_media_type_is_415_and_a_large_body_413() {
        Stream<String> headers =
                Stream.of("Authorization", "Bearer " + OPERATOR_KEY, "Content-Type", "application/xml");
        problem(http.send("POST", "/actuator/consumers/coupon/limits", BodyPublishers.ofString("<x/>"), headers), 415);
        problem(post("/coupon/limits", "{\"perSecond\":" + " ".repeat(1 << 20) + "1}"), 413);
        assertThat(control.calls).isEmpty();
    }

    @Test
    void the_other_port_knows_nothing_of_it() {
        problem(main.call("GET", "/actuator/consumers", OPERATOR_KEY, null), 404);
        assertThat(control.calls).isEmpty();
    }

    private HttpResponse<String> get(String path) {
        return http.call("GET", "/actuator/consumers" + path, OPERATOR_KEY, null);
    }

    private HttpResponse<String> post(String path, @Nullable String body) {
        return http.call("POST", "/actuator/consumers" + path, OPERATOR_KEY, body);
    }

    private static void problem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"status\":" + status, "\"title\"", "\"detail\"");
    }

    /** Notes each call, and fails if it is told to. */
    static final class Notes implements ConsumerControl {
        private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
        private volatile @Nullable RuntimeException failure;

        private void note(Object... parts) {
            calls.add(String.join(" ", Stream.of(parts).map(Objects::toString).toList()));
            RuntimeException thrown = failure;
            if (thrown != null) {
                throw thrown;
            }
        }

        @Override
        public List<ConsumerView> consumers() {
            note("consumers");
            return List.of(view());
        }

        @Override
        public ConsumerView consumer(String name) {
            note("consumer", name);
            return view();
        }

        @Override
        public void pause(String name, String by) {
            note("pause", name, "by", by);
        }

        @Override
        public void resume(String name, String by) {
            note("resume", name, "by", by);
        }

        @Override
        public void limits(String name, Limits limits, String by) {
            note("limits", name, limits, "by", by);
        }

        @Override
        public List<Move> offsets(String name, OffsetTarget target, boolean dryRun, String by) {
            note("offsets", name, target, dryRun, "by", by);
            return List.of(new Move(3, 20L, 17, 3));
        }

        @Override
        public DeadLetterPage deadLetters(String name, DeadLetterQuery query) {
            note("deadLetters", name, query);
            DeadLetter letter = new DeadLetter(
                    "3-17",
                    "member.signed-up",
                    3,
                    40,
                    Instant.parse(AT),
                    "too-old",
                    "some.Later",
                    5,
                    0,
                    "ab12",
                    "{\"a\":\"*\"}");
            return new DeadLetterPage(List.of(letter), "3-18");
        }

        @Override
        public ReplayStarted replay(String name, ReplayRequest request, String by) {
            note("replay", name, request, "by", by);
            return new ReplayStarted("r-1", 2, List.of("3-18"));
        }

        private static ConsumerView view() {
            Holder holder = new Holder(41, "ab12", 7, 2, "running", "some.Failure", List.of("at some.Handler"));
            return new ConsumerView(
                    "host-1",
                    "coupon",
                    "up",
                    "up to date",
                    "mallstream.member.coupon",
                    "mallstream.member.coupon",
                    "member.signed-up",
                    3,
                    1000,
                    900,
                    2,
                    16,
                    null,
                    5,
                    1,
                    List.of(new Member("somebody", "/127.0.0.1", List.of(1), false)),
                    List.of(new PartitionView("member.signed-up", 0, 41, 44, null, 3, null, holder)),
                    List.of(new TopKey("ab12", 2)),
                    List.of(),
                    null,
                    List.of(new HotKey("mall-1", 0.6, 120, 3.5, 9, 400, "lanes per order would help")));
        }
    }
}
