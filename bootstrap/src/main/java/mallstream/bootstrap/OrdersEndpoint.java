package mallstream.bootstrap;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import mallstream.order.application.port.in.OrderLanes;
import mallstream.order.application.port.in.ParkedChanges;
import mallstream.order.application.port.in.ParkedChanges.Released;
import mallstream.order.model.Channel;
import mallstream.order.model.CodeMapping;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.Lanes;
import mallstream.order.model.MallId;
import mallstream.order.model.MallLanes;
import mallstream.order.model.Meaning;
import mallstream.order.model.ParkedChange;
import mallstream.order.model.Unavailable;
import mallstream.order.model.WhichParked;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What operators ask and tell of orders, on the management port: what is parked, what codes mean, and the lanes of malls.
 * Found like {@link ConsumersEndpoint}, and strict for the same reasons.
 */
@RestController
@RequestMapping("/actuator/orders")
class OrdersEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(OrdersEndpoint.class);
    private static final int MOST = 1_000;

    private final ParkedChanges parked;
    private final OrderLanes lanes;

    OrdersEndpoint(ParkedChanges parked, OrderLanes lanes) {
        this.parked = parked;
        this.lanes = lanes;
    }

    /**
     * @param parked oldest first
     * @param next the number to go on after; {@code null}: this was the last page
     */
    record Page(List<ParkedView> parked, @Nullable Long next) {}

    /**
     * A parked change; it holds nothing personal, as nothing such is ever kept.
     *
     * @param number its number
     * @param mallId the mall
     * @param channel who said it
     * @param orderNo of which order
     * @param lineId of which line; {@code null}: none was named
     * @param reason why it is parked
     * @param raw the allowed fields as they came, of others name and type
     * @param sourceTime when the source changed it
     * @param receivedAt when it came
     */
    record ParkedView(
            long number,
            String mallId,
            String channel,
            String orderNo,
            @Nullable String lineId,
            @Nullable String reason,
            String raw,
            @Nullable Instant sourceTime,
            Instant receivedAt) {
        static ParkedView of(ParkedChange change) {
            HistoryEntry entry = change.entry();
            return new ParkedView(
                    change.number(),
                    entry.order().mallId().value(),
                    lower(entry.order().channel()),
                    entry.order().orderNo().value(),
                    entry.lineId() == null ? null : entry.lineId().value(),
                    entry.reason(),
                    entry.raw(),
                    entry.sourceTime(),
                    entry.receivedAt());
        }
    }

    /**
     * What to release; a field that is left out is any.
     *
     * @param mallId of this mall
     * @param channel of this channel
     * @param reason for this reason
     */
    record ReleaseBody(
            @Nullable String mallId,
            @Nullable String channel,
            @Nullable String reason) {}

    /** @param codes by channel and code */
    record Codes(List<CodeView> codes) {}

    /**
     * @param channel whose code
     * @param code as the channel writes it
     * @param means a status or a claim
     * @param by the name of the operator's key
     * @param at when
     */
    record CodeView(String channel, String code, String means, String by, Instant at) {
        static CodeView of(CodeMapping mapping) {
            return new CodeView(
                    lower(mapping.channel()), mapping.code(), mapping.means().text(), mapping.by(), mapping.at());
        }
    }

    /**
     * @param channel whose code
     * @param code as the channel writes it
     * @param means a status such as {@code SHIPPING}, or a claim such as {@code RETURN_REQUESTED}
     */
    record CodeBody(
            @Nullable String channel,
            @Nullable String code,
            @Nullable String means) {}

    /** @param malls whose lanes were chosen, by settings or by an operator */
    record Malls(List<MallView> malls) {}

    /**
     * @param mallId the mall
     * @param lanes {@code mall} or {@code order}
     * @param by the name of the operator's key; {@code null}: a setting
     * @param at when; {@code null} with a setting
     */
    record MallView(
            String mallId,
            String lanes,
            @Nullable String by,
            @Nullable Instant at) {
        static MallView of(MallLanes mall) {
            return new MallView(mall.mallId().value(), lower(mall.lanes()), mall.by(), mall.at());
        }
    }

    /** @param lanes {@code mall} or {@code order} */
    record LanesBody(@Nullable String lanes) {}

    @GetMapping("/parked")
    Page parked(
            @RequestParam(required = false) @Nullable String mallId,
            @RequestParam(required = false) @Nullable String channel,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "50") int size,
            HttpServletRequest request) {
        StrictJson.only(request, "mallId", "channel", "reason", "after", "size");
        if (size < 1 || size > MOST) {
            throw StrictJson.problem("size", "must be 1 to " + MOST);
        }
        List<ParkedChange> page = parked.list(which(mallId, channel, reason), after, size);
        return new Page(
                page.stream().map(ParkedView::of).toList(),
                page.size() < size ? null : page.getLast().number());
    }

    @PostMapping(path = "/parked/release", consumes = MediaType.APPLICATION_JSON_VALUE)
    Released release(
            @RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request, Principal caller) {
        StrictJson.only(request);
        ReleaseBody what = StrictJson.read(body, ReleaseBody.class);
        Released released = parked.release(which(what.mallId, what.channel, what.reason));
        LOG.info(
                "Parked changes were released by {}: {} applied, {} ignored, {} still parked",
                caller.getName(),
                released.applied(),
                released.ignored(),
                released.parked());
        return released;
    }

    @GetMapping("/codes")
    Codes codes(HttpServletRequest request) {
        StrictJson.only(request);
        return new Codes(parked.explained().stream().map(CodeView::of).toList());
    }

    @PostMapping(path = "/codes", consumes = MediaType.APPLICATION_JSON_VALUE)
    Codes explain(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request, Principal caller) {
        StrictJson.only(request);
        CodeBody what = StrictJson.read(body, CodeBody.class);
        Channel channel = oneOf("channel", what.channel, Channel.values());
        parked.explain(channel, given("code", what.code), Meaning.of(given("means", what.means)), caller.getName());
        LOG.info("Code {} of {} was explained as {} by {}", what.code, lower(channel), what.means, caller.getName());
        return codes(request);
    }

    @GetMapping("/lanes")
    Malls lanes(HttpServletRequest request) {
        StrictJson.only(request);
        return new Malls(lanes.chosen().stream().map(MallView::of).toList());
    }

    @PostMapping(path = "/lanes/{mallId}", consumes = MediaType.APPLICATION_JSON_VALUE)
    Malls choose(
            @PathVariable String mallId,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request,
            Principal caller) {
        StrictJson.only(request);
        MallId mall = new MallId(mallId);
        Lanes chosen = oneOf("lanes", StrictJson.read(body, LanesBody.class).lanes, Lanes.values());
        lanes.choose(mall, chosen, caller.getName());
        LOG.info("Lanes of {} were set to {} by {}", mall, lower(chosen), caller.getName());
        return lanes(request);
    }

    @ExceptionHandler
    ProblemDetail invalid(InvalidValue failure) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, failure.getMessage());
        problem.setProperty("field", failure.field());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail unavailable(Unavailable failure) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, failure.getMessage() + "; try again later");
    }

    private static WhichParked which(@Nullable String mallId, @Nullable String channel, @Nullable String reason) {
        return new WhichParked(
                mallId == null ? null : new MallId(mallId),
                channel == null ? null : oneOf("channel", channel, Channel.values()),
                reason);
    }

    private static String given(String field, @Nullable String value) {
        if (value == null) {
            throw StrictJson.problem(field, "is missing");
        }
        return value;
    }

    private static <E extends Enum<E>> E oneOf(String field, @Nullable String value, E[] all) {
        return Arrays.stream(all)
                .filter(each -> lower(each).equals(value))
                .findFirst()
                .orElseThrow(() -> StrictJson.problem(
                        field,
                        "must be one of "
                                + String.join(
                                        ", ",
                                        Arrays.stream(all)
                                                .map(OrdersEndpoint::lower)
                                                .toList())));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
