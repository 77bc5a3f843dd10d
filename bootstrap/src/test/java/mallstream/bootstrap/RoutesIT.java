package mallstream.bootstrap;

import static mallstream.bootstrap.infrastructure.PlatformTest.API_KEY;
import static mallstream.bootstrap.infrastructure.PlatformTest.OPERATOR_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every route and every kind of caller. A new route needs a row here, or the first test fails. */
@EdgeTest
class RoutesIT {
    private static final String ID = "01890000-0000-7000-8000-000000000000";
    private static final String POINTS = "/api/malls/mall-1/members/" + ID + "/points";

    /** A line per route. The paths are those of mall-1; the bodies are refused once the caller is let in. */
    private static final List<Route> ROUTES = List.of(
            api("POST /api/malls/{mallId}/members", "/api/malls/mall-1/members", "{}"),
            api("GET /api/malls/{mallId}/members/{memberId}", "/api/malls/mall-1/members/" + ID, null),
            api("DELETE /api/malls/{mallId}/members/{memberId}", "/api/malls/mall-1/members/" + ID, null),
            api(
                    "PUT /api/malls/{mallId}/members/{memberId}/notices",
                    "/api/malls/mall-1/members/" + ID + "/notices",
                    "{}"),
            api(
                    "GET /api/malls/{mallId}/members/{memberId}/notices",
                    "/api/malls/mall-1/members/" + ID + "/notices",
                    null),
            api("GET /api/malls/{mallId}/members/{memberId}/points", POINTS, null),
            api("GET /api/malls/{mallId}/members/{memberId}/points/ledger", POINTS + "/ledger", null),
            api("POST /api/malls/{mallId}/members/{memberId}/points/uses", POINTS + "/uses", "{}"),
            api(
                    "POST /api/malls/{mallId}/members/{memberId}/points/uses/{useId}/restorations",
                    POINTS + "/uses/" + ID + "/restorations",
                    "{}"),
            api("GET /api/malls/{mallId}/coupon-policies", "/api/malls/mall-1/coupon-policies", null),
            api(
                    "GET /api/malls/{mallId}/coupon-policies/{policy}/versions",
                    "/api/malls/mall-1/coupon-policies/signup/versions",
                    null),
            api(
                    "POST /api/malls/{mallId}/coupon-policies/{policy}/versions",
                    "/api/malls/mall-1/coupon-policies/signup/versions",
                    "{}"),
            api("POST /api/malls/{mallId}/webhook-endpoints", "/api/malls/mall-1/webhook-endpoints", "{}"),
            api(
                    "GET /api/malls/{mallId}/webhook-endpoints/{endpointId}/deliveries",
                    "/api/malls/mall-1/webhook-endpoints/" + ID + "/deliveries",
                    null),
            api("GET /api/malls/{mallId}/webhook-endpoints", "/api/malls/mall-1/webhook-endpoints", null),
            api(
                    "GET /api/malls/{mallId}/webhook-endpoints/{endpointId}",
                    "/api/malls/mall-1/webhook-endpoints/" + ID,
                    null),
            api(
                    "DELETE /api/malls/{mallId}/webhook-endpoints/{endpointId}",
                    "/api/malls/mall-1/webhook-endpoints/" + ID,
                    null),
            api(
                    "POST /api/malls/{mallId}/webhook-endpoints/{endpointId}/enable",
                    "/api/malls/mall-1/webhook-endpoints/" + ID + "/enable",
                    null),
            api(
                    "POST /api/malls/{mallId}/webhook-endpoints/{endpointId}/disable",
                    "/api/malls/mall-1/webhook-endpoints/" + ID + "/disable",
                    null),
            api(
                    "POST /api/malls/{mallId}/webhook-endpoints/{endpointId}/rotate-secret",
                    "/api/malls/mall-1/webhook-endpoints/" + ID + "/rotate-secret",
                    null),
            api(
                    "POST /api/malls/{mallId}/webhook-endpoints/{endpointId}/test",
                    "/api/malls/mall-1/webhook-endpoints/" + ID + "/test",
                    null),
            api(
                    "POST /api/malls/{mallId}/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/redeliver",
                    "/api/malls/mall-1/webhook-endpoints/" + ID + "/deliveries/" + ID + "/redeliver",
                    null),
            api(
                    "POST /api/malls/{mallId}/webhook-endpoints/{endpointId}/redeliver-failed",
                    "/api/malls/mall-1/webhook-endpoints/" + ID + "/redeliver-failed",
                    "{}"),
            api("POST /api/channels/{channel}/malls/{mallId}/orders", "/api/channels/none/malls/mall-1/orders", "{}"),
            api("GET /api/malls/{mallId}/orders/{orderNo}", "/api/malls/mall-1/orders/1", null),
            // The mall stands in the body, and the year is none.
            byController("POST /api/notice-campaigns", "/api/notice-campaigns", "{\"mallId\":\"mall-1\"}", 403),
            byController("GET /api/notice-campaigns/{campaignId}", "/api/notice-campaigns/" + ID, null, 404),
            campaign("GET /api/notice-campaigns/{campaignId}/evidence", "/evidence"),
            campaign("POST /api/notice-campaigns/{campaignId}/pause", "/pause"),
            campaign("POST /api/notice-campaigns/{campaignId}/resume", "/resume"),
            campaign("POST /api/notice-campaigns/{campaignId}/cancel", "/cancel"),
            management("GET /api/notice-templates/{code}", "/api/notice-templates/NONE", Port.HTTP, Access.VIEWER),
            template("PUT /api/notice-templates/{code}", "/api/notice-templates/NONE", "{}"),
            management("GET /v3/api-docs", "/v3/api-docs", Port.HTTP, Access.VIEWER),
            management("GET /v3/api-docs.yaml", "/v3/api-docs.yaml", Port.HTTP, Access.VIEWER),
            management("GET /actuator/health", "/actuator/health", Port.MANAGEMENT, Access.VIEWER),
            management("GET /actuator/health/**", "/actuator/health/db", Port.MANAGEMENT, Access.VIEWER),
            management("GET /actuator/health/**", "/actuator/health/liveness", Port.MANAGEMENT, Access.OPEN),
            management("GET /actuator/health/**", "/actuator/health/readiness", Port.MANAGEMENT, Access.OPEN),
            management("GET /actuator/info", "/actuator/info", Port.MANAGEMENT, Access.VIEWER),
            management("GET /actuator/prometheus", "/actuator/prometheus", Port.MANAGEMENT, Access.VIEWER),
            // Not there, and closed or open all the same.
            management("GET /actuator/env", "/actuator/env", Port.MANAGEMENT, Access.VIEWER),
            management("GET /actuator", "/actuator", Port.MANAGEMENT, Access.VIEWER),
            consumers("GET /actuator/consumers", "", Access.VIEWER),
            consumers("GET /actuator/consumers/{name}", "/coupon", Access.VIEWER),
            consumers("POST /actuator/consumers/{name}/pause", "/none/pause", Access.OPERATOR),
            consumers("POST /actuator/consumers/{name}/resume", "/none/resume", Access.OPERATOR),
            consumers("POST /actuator/consumers/{name}/limits", "/none/limits", Access.OPERATOR),
            consumers("POST /actuator/consumers/{name}/offsets", "/none/offsets", Access.OPERATOR),
            consumers("GET /actuator/consumers/{name}/dead-letters", "/none/dead-letters", Access.OPERATOR),
            consumers("GET /actuator/consumers/{name}/dead-letters/1-1", "/none/dead-letters/1-1", Access.OPERATOR),
            consumers(
                    "POST /actuator/consumers/{name}/dead-letters/replay",
                    "/none/dead-letters/replay",
                    Access.OPERATOR),
            management("GET /actuator/orders/parked", "/actuator/orders/parked?size=0", Port.MANAGEMENT, Access.VIEWER),
            management(
                    "POST /actuator/orders/parked/release",
                    "/actuator/orders/parked/release",
                    Port.MANAGEMENT,
                    Access.OPERATOR),
            management("GET /actuator/orders/codes", "/actuator/orders/codes", Port.MANAGEMENT, Access.VIEWER),
            management("POST /actuator/orders/codes", "/actuator/orders/codes", Port.MANAGEMENT, Access.OPERATOR),
            management("GET /actuator/orders/lanes", "/actuator/orders/lanes", Port.MANAGEMENT, Access.VIEWER),
            management(
                    "POST /actuator/orders/lanes/{mallId}",
                    "/actuator/orders/lanes/mall-1",
                    Port.MANAGEMENT,
                    Access.OPERATOR),
            consumers("PUT /actuator/consumers/{name}/limits", "/none/limits", Access.CLOSED),
            consumers("DELETE /actuator/consumers/{name}", "/none", Access.CLOSED),
            management("DELETE /actuator/health", "/actuator/health", Port.MANAGEMENT, Access.CLOSED),
            management("GET /", "/", Port.HTTP, Access.CLOSED),
            management("GET /error", "/error", Port.HTTP, Access.CLOSED),
            management("POST /v3/api-docs", "/v3/api-docs", Port.HTTP, Access.CLOSED),
            management("GET /v3/api-docsx", "/v3/api-docsx", Port.HTTP, Access.CLOSED),
            management("GET /api", "/API/malls/mall-1/members", Port.HTTP, Access.CLOSED));

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private List<RequestMappingHandlerMapping> mappings;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private WebEndpointsSupplier endpoints;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private ManagementContext management;

    @LocalServerPort
    private int port;

    @LocalManagementPort
    private int managementPort;

    @Test
    void every_route_has_a_row() {
        assertThat(mapped()).contains("GET /api/notice-campaigns/{campaignId}", "GET /actuator/consumers");
        assertThat(ROUTES.stream().map(Route::pattern)).containsAll(mapped());
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everybodyEverywhere")
    void everybody_may_what_the_role_says_and_no_more(Route route, Caller caller) {
        HttpResponse<String> answer = new Http(route.port == Port.HTTP ? port : managementPort)
                .call(route.pattern.substring(0, route.pattern.indexOf(' ')), route.path, caller.key, route.body);

        int refusal = refusal(route, caller);
        if (refusal == 0) {
            assertThat(answer.statusCode()).isNotIn(401, 403);
        } else {
            assertThat(answer.statusCode()).isEqualTo(refusal);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(answer.body()).contains("\"status\":" + refusal);
        }
        assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
        assertThat(answer.headers().firstValue("WWW-Authenticate").isPresent()).isEqualTo(refusal == 401);
    }

    static Stream<Arguments> everybodyEverywhere() {
        return ROUTES.stream()
                .flatMap(route -> Arrays.stream(Caller.values()).map(caller -> Arguments.of(route, caller)));
    }

    /** 0 where the caller is let in. */
    private int refusal(Route route, Caller caller) {
        if (caller == Caller.WRONG_KEY || (caller == Caller.NOBODY && route.access != Access.OPEN)) {
            return 401;
        }
        return switch (route.access) {
            case OPEN -> 0;
            case CLOSED -> 403;
            case VIEWER -> caller == Caller.VIEWER || caller == Caller.OPERATOR ? 0 : 403;
            case OPERATOR -> caller == Caller.OPERATOR ? 0 : 403;
            case API ->
                switch (caller) {
                    case API, API_OF_THIS_MALL -> 0;
                    case API_OF_ANOTHER_MALL ->
                        // A controller that is not there yet answers as an unknown address does.
                        !route.byController || mapped().contains(route.pattern) ? route.foreign : 404;
                    default -> 403;
                };
        };
    }

    private Set<String> mapped() {
        Set<String> mapped = new TreeSet<>();
        for (RequestMappingHandlerMapping mapping : Stream.concat(mappings.stream(), Stream.of(management.mapping()))
                .toList()) {
            mapping.getHandlerMethods()
                    .keySet()
                    .forEach(info -> info.getPatternValues()
                            .forEach(pattern -> info.getMethodsCondition()
                                    .getMethods()
                                    .forEach(method -> mapped.add(method + " " + pattern))));
        }
        endpoints.getEndpoints().stream()
                .flatMap(endpoint -> endpoint.getOperations().stream())
                .map(operation -> operation.getRequestPredicate())
                .forEach(it -> mapped.add(
                        it.getHttpMethod() + " /actuator/" + it.getPath().replaceAll("\\{\\*.*}", "**")));
        return mapped;
    }

    private static Route api(String pattern, String path, @Nullable String body) {
        return new Route(pattern, path, body, Port.HTTP, Access.API, 403, false);
    }

    private static Route byController(String pattern, String path, @Nullable String body, int foreign) {
        return new Route(pattern, path, body, Port.HTTP, Access.API, foreign, true);
    }

    private static Route campaign(String pattern, String path) {
        return byController(pattern, "/api/notice-campaigns/" + ID + path, null, 404);
    }

    private static Route template(String pattern, String path, String body) {
        return new Route(pattern, path, body, Port.HTTP, Access.OPERATOR, 403, false);
    }

    /** The name is that of no consumer where an operator's call would change something. */
    private static Route consumers(String pattern, String path, Access access) {
        return management(pattern, "/actuator/consumers" + path, Port.MANAGEMENT, access);
    }

    private static Route management(String pattern, String path, Port port, Access access) {
        return new Route(pattern, path, null, port, access, 403, false);
    }

    /**
     * @param pattern method and path as the mapping has them
     * @param path what is called
     * @param foreign what a caller of another mall gets, by the path or by the controller
     */
    record Route(
            String pattern,
            String path,
            @Nullable String body,
            Port port,
            Access access,
            int foreign,
            boolean byController) {
        @Override
        public String toString() {
            return pattern + " (" + path + ")";
        }
    }

    enum Port {
        HTTP,
        MANAGEMENT
    }

    enum Access {
        OPEN,
        API,
        VIEWER,
        OPERATOR,
        CLOSED
    }

    enum Caller {
        NOBODY(null),
        WRONG_KEY("no-key-of-anybody"),
        API(API_KEY),
        API_OF_THIS_MALL(EdgeTest.MALL_1_KEY),
        API_OF_ANOTHER_MALL(EdgeTest.MALL_2_KEY),
        VIEWER(EdgeTest.VIEWER_KEY),
        OPERATOR(OPERATOR_KEY);

        private final @Nullable String key;

        Caller(@Nullable String key) {
            this.key = key;
        }
    }
}
