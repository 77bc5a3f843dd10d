package mallstream.notification;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import mallstream.member.application.port.out.SendNotices;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.Unavailable;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Alimtalk messages by NHN Cloud, API v2.3.
 *
 * <p>One question rules it: can the gateway have taken the call? As long as no byte of the body was written it cannot,
 * and the call may be made again ({@link Unavailable}). From the first byte on, whatever is not an answer that says
 * what happened leaves the rows unknown: a message twice cannot be taken back, a look-up can be made later.
 *
 * <p>A look-up that is not whole is none, for a row that it does not show is sent again.
 */
@Component
class AlimtalkNotices implements SendNotices, AutoCloseable {
    private static final String WHAT = "message gateway";
    /** The most recipients of one call. */
    private static final int MOST = 1000;
    /** A bulk answer has about 150 bytes per recipient, a listed message 5 kB at the most. */
    private static final int ANSWER_BYTES = 2 * 1024 * 1024;
    /** Calls at the same time; one that finds no place within two timeouts is not made, and says so. */
    private static final int MOST_CALLS = 64;
    /** Messages of one page of a look-up. The gateway would give 1000, which could be 5 MB. */
    private static final int PAGE = 200;
    /** A call has five pages; more than this is not our call. */
    private static final int MOST_PAGES = 50;
    /**
     * Of the time that is looked through, before and after the call was begun. The grouping key alone finds the messages;
     * the time must only be wide enough for any difference of clocks, and no longer than the 30 days that may be asked for.
     */
    private static final Duration MARGIN = Duration.ofDays(1);
    /** The gateway shows no message of more than 90 days ago; what it does not show then was perhaps taken. */
    private static final Duration SHOWN_FOR = Duration.ofDays(88);
    /** A gateway that asks for a longer pause is asked again after this one. */
    private static final Duration LONGEST_QUIET = Duration.ofMinutes(10);

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneId.of("Asia/Seoul"));

    private final GatewaySettings settings;
    private final Clock clock;
    private final RateLimiter rate;
    private final CloseableHttpClient client;
    private final BoundedCalls calls;
    private final AtomicReference<Instant> quietUntil = new AtomicReference<>(Instant.MIN);
    private final JsonMapper json = JsonMapper.builder().build();

    /** How a call ended. */
    private sealed interface Ended {
        /** With results. */
        record Answered(List<Result> results) implements Ended {}

        /** Certainly without effect. */
        record NotTaken(Exception cause) implements Ended {}
    }

    /** How a question for one page ended. */
    private sealed interface Shown {
        /** With messages. */
        record Page(int total, List<Message> messages) implements Shown {}

        /** Without. */
        record Nothing(Exception cause) implements Shown {}
    }

    private record Reply(@Nullable Header header, @Nullable Sent message) {}

    private record Header(int resultCode, boolean isSuccessful) {}

    private record Sent(
            @Nullable String requestId, @Nullable List<SendResult> sendResults) {}

    private record SendResult(@Nullable String recipientGroupingKey, int resultCode) {}

    private record Listing(
            @Nullable Header header, @Nullable Messages messageSearchResultResponse) {}

    private record Messages(
            @Nullable List<Message> messages, @Nullable Integer totalCount) {}

    private record Message(
            @Nullable String requestId,
            @Nullable Integer recipientSeq,
            @Nullable String messageStatus,
            @Nullable String resultCode,
            @Nullable String senderGroupingKey,
            @Nullable String recipientGroupingKey) {}

    AlimtalkNotices(GatewaySettings settings, Clock clock) throws NoSuchAlgorithmException {
        this.settings = settings;
        this.clock = clock;
        // One call per slice, not all of a second at once: two seconds' worth could meet at the border.
        rate = RateLimiter.of(
                "gateway",
                RateLimiterConfig.custom()
                        .limitForPeriod(1)
                        .limitRefreshPeriod(Duration.ofSeconds(1).dividedBy(settings.requestsPerSecond()))
                        .timeoutDuration(settings.timeout())
                        .build());
        client =
                Http.client(SystemDefaultDnsResolver.INSTANCE, SSLContext.getDefault(), MOST_CALLS, settings.timeout());
        calls = new BoundedCalls("gateway-", MOST_CALLS, MOST_CALLS, settings.timeout());
    }

    @Override
    public NoticeChannel channel() {
        return NoticeChannel.ALIMTALK;
    }

    @Override
    public int most() {
        return MOST;
    }

    /** {@inheritDoc} Takes four times the setting {@code timeout} at the most: one for the rate, two for a place, one for the call. */
    @Override
    public List<Result> send(Notice notice) {
        int recipients = notice.recipients().size();
        if (recipients < 1 || recipients > MOST) {
            throw new InvalidValue("recipients", "must be 1 to " + MOST);
        }
        URI messages = messages();
        acquire();
        return switch (calls.run(List.of(new BulkCall(messages, notice))).getFirst()) {
            case Ended.Answered answered -> answered.results();
            case Ended.NotTaken notTaken -> throw new Unavailable(WHAT, notTaken.cause());
        };
    }

    /**
     * {@inheritDoc}
     *
     * <p>Empty for a call of more than 88 days ago, which the gateway shows no more. An answer that contradicts itself, or
     * shows fewer messages than it counts, is as good as none.
     */
    @Override
    public Optional<Map<UUID, Result>> lookUp(UUID callId, Instant begunAt) {
        if (begunAt.isBefore(clock.instant().minus(SHOWN_FOR))) {
            return Optional.empty();
        }
        URI messages = messages();
        Map<UUID, Result> results = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (int page = 1; page <= MOST_PAGES; page++) {
            acquire();
            int before = seen.size();
            switch (calls.run(List.of(new ListCall(messages, query(callId, begunAt, page))))
                    .getFirst()) {
                case Shown.Nothing nothing -> throw new Unavailable(WHAT, nothing.cause());
                case Shown.Page shown -> {
                    shown.messages().forEach(message -> take(callId, message, results, seen));
                    if (seen.size() == shown.total()) {
                        return Optional.of(results);
                    }
                }
            }
            if (seen.size() == before) {
                break;
            }
        }
        throw strange("shows other messages than it counts");
    }

    @Override
    public void close() throws IOException {
        calls.close();
        client.close();
    }

    private URI messages() {
        URI base = settings.baseUrl();
        if (base == null) {
            throw new Unavailable(WHAT, new IllegalStateException("mallstream.notice.gateway.base-url is not set"));
        }
        String path = base.toString().replaceAll("/+$", "");
        return URI.create(path + "/alimtalk/v2.3/appkeys/" + settings.appKey() + "/messages");
    }

    /** Waits for the turn of a call. */
    private void acquire() {
        Instant until = quietUntil.get();
        if (clock.instant().isBefore(until)) {
            throw new Unavailable(WHAT, new IllegalStateException("the gateway asked for a pause until " + until));
        }
        if (!rate.acquirePermission()) {
            throw new Unavailable(
                    WHAT, new IllegalStateException("more calls than mallstream.notice.gateway.requests-per-second"));
        }
    }

    /** Makes the call, and remembers a pause that the gateway asks for. */
    private Http.Answer call(HttpUriRequestBase request) throws IOException {
        request.setHeader("X-Secret-Key", settings.secretKey());
        Http.Answer answer = Http.call(client, request, ANSWER_BYTES);
        if (answer.status() == 429 || answer.status() == 503) {
            Instant now = clock.instant();
            Duration pause = Http.pause(answer.retryAfter(), now, LONGEST_QUIET);
            if (pause != null) {
                quietUntil.accumulateAndGet(now.plus(pause), (one, other) -> one.isAfter(other) ? one : other);
            }
        }
        return answer;
    }

    private enum Progress {
        NOTHING_WRITTEN,
        WRITING,
        CUT
    }

    private final class BulkCall implements BoundedCalls.Call<Ended> {
        private final URI messages;
        private final Notice notice;
        private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.NOTHING_WRITTEN);

        private BulkCall(URI messages, Notice notice) {
            this.messages = messages;
            this.notice = notice;
        }

        @Override
        public Object key() {
            return messages;
        }

        @Override
        public Ended make() {
            HttpPost request = new HttpPost(messages);
            // Of the call and not of its rows: a duplicate is looked up by the call.
            request.setHeader("X-NC-API-IDEMPOTENCY-KEY", notice.callId().toString());
            byte[] body = body(notice);
            request.setEntity(
                    new EntityTemplate(body.length, ContentType.APPLICATION_JSON, null, out -> write(body, out)));
            try {
                return read(call(request));
            } catch (IOException e) {
                return broken(e);
            }
        }

        @Override
        public Ended missed(BoundedCalls.Missed why) {
            return broken(new IOException("no answer: " + why));
        }

        /** After {@link #broken} was told that nothing is written, nothing will be. */
        private void write(byte[] body, OutputStream out) throws IOException {
            if (!progress.compareAndSet(Progress.NOTHING_WRITTEN, Progress.WRITING)) {
                throw new InterruptedIOException("cut before writing");
            }
            out.write(body);
        }

        private Ended broken(IOException cause) {
            return progress.compareAndSet(Progress.NOTHING_WRITTEN, Progress.CUT)
                    ? new Ended.NotTaken(cause)
                    : all(new Result.Unknown());
        }

        private Ended read(Http.Answer answer) {
            int status = answer.status();
            // Too many requests; keys refused; or an address that is none of the gateway's.
            if (status == 429 || status == 401 || status == 403 || status == 404 || status / 100 == 3) {
                return notTaken(status);
            }
            Reply reply = parse(answer, Reply.class);
            Header header = reply == null ? null : reply.header();
            if (reply == null || header == null) {
                // A refusal without the gateway's words is a proxy's or the HTTP layer's, and no word on the people.
                return status / 100 == 4 && status != 408 ? notTaken(status) : all(new Result.Unknown());
            }
            if (status / 100 == 5 || status == 408) {
                return all(new Result.Unknown());
            }
            Sent sent = reply.message();
            List<SendResult> results = sent == null ? null : sent.sendResults();
            if (sent != null && results != null && !results.isEmpty()) {
                return perRecipient(header, sent.requestId(), results);
            }
            return header.isSuccessful() ? all(new Result.Unknown()) : refused(header.resultCode());
        }

        private static Ended notTaken(int status) {
            return new Ended.NotTaken(new IOException("HTTP status " + status));
        }

        /** The call was refused as a whole. */
        private Ended refused(int code) {
            return switch (AlimtalkCode.of(code)) {
                case PERMANENT -> all(new Result.Rejected(Integer.toString(code)));
                case OURS_TO_REPAIR -> ours(code);
                // What failed behind the gateway failed for some perhaps; of each it was not said.
                case TEMPORARY, DUPLICATE, NOTHING_SAID, SUCCESS -> all(new Result.Unknown());
            };
        }

        private Ended perRecipient(Header header, @Nullable String requestId, List<SendResult> results) {
            if (results.size() == notice.recipients().size()
                    && results.stream()
                            .allMatch(each -> AlimtalkCode.of(each.resultCode()) == AlimtalkCode.OURS_TO_REPAIR)) {
                return ours(results.getFirst().resultCode());
            }
            Map<String, Integer> codes = results.stream()
                    .filter(result -> result.recipientGroupingKey() != null)
                    .collect(Collectors.toMap(
                            SendResult::recipientGroupingKey, SendResult::resultCode, (first, second) -> first));
            return new Ended.Answered(notice.recipients().stream()
                    .map(recipient -> result(
                            header, requestId, codes.get(recipient.rowId().toString())))
                    .toList());
        }

        private static Result result(Header header, @Nullable String requestId, @Nullable Integer code) {
            if (code == null) {
                return new Result.Unknown();
            }
            return switch (AlimtalkCode.of(code)) {
                // A recipient that was taken in a call that failed, or without an id, contradicts itself.
                case SUCCESS ->
                    header.isSuccessful() && requestId != null ? new Result.Accepted(requestId) : new Result.Unknown();
                case PERMANENT, TEMPORARY, OURS_TO_REPAIR -> failed(code);
                case DUPLICATE, NOTHING_SAID -> new Result.Unknown();
            };
        }

        private static Ended ours(int code) {
            return new Ended.NotTaken(new IOException(
                    "the gateway refused the call with code " + code + ", see mallstream.notice.gateway.*"));
        }

        private Ended all(Result result) {
            return new Ended.Answered(Collections.nCopies(notice.recipients().size(), result));
        }
    }

    /** What a code other than success says of a recipient of whom it is sure that nothing was sent. */
    private static Result failed(int code) {
        String text = Integer.toString(code);
        return switch (AlimtalkCode.of(code)) {
            case PERMANENT -> new Result.Rejected(text);
            case OURS_TO_REPAIR -> new Result.NotSent();
            case TEMPORARY, DUPLICATE, NOTHING_SAID, SUCCESS -> new Result.Later(text);
        };
    }

    private final class ListCall implements BoundedCalls.Call<Shown> {
        private final URI messages;
        private final String query;

        private ListCall(URI messages, String query) {
            this.messages = messages;
            this.query = query;
        }

        @Override
        public Object key() {
            return messages;
        }

        @Override
        public Shown make() {
            try {
                Http.Answer answer = call(new HttpGet(URI.create(messages + "?" + query)));
                return read(answer);
            } catch (IOException e) {
                return new Shown.Nothing(e);
            }
        }

        @Override
        public Shown missed(BoundedCalls.Missed why) {
            return new Shown.Nothing(new IOException("no answer: " + why));
        }

        private Shown read(Http.Answer answer) {
            Listing listing = answer.status() == 200 ? parse(answer, Listing.class) : null;
            Header header = listing == null ? null : listing.header();
            if (listing == null || header == null) {
                return new Shown.Nothing(new IOException("HTTP status " + answer.status() + " without a list"));
            }
            if (!header.isSuccessful()) {
                return new Shown.Nothing(
                        new IOException("the gateway refused the look-up with code " + header.resultCode()));
            }
            Messages found = listing.messageSearchResultResponse();
            if (found == null || found.totalCount() == null) {
                return new Shown.Nothing(new IOException("a look-up without a count"));
            }
            List<Message> shown = found.messages();
            return new Shown.Page(found.totalCount(), shown == null ? List.of() : shown);
        }
    }

    private static String query(UUID callId, Instant begunAt, int page) {
        return "senderGroupingKey=" + callId
                + "&startRequestDate=" + encoded(MINUTE.format(begunAt.minus(MARGIN)))
                + "&endRequestDate=" + encoded(MINUTE.format(begunAt.plus(MARGIN)))
                + "&pageNum=" + page
                + "&pageSize=" + PAGE;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void take(UUID callId, Message message, Map<UUID, Result> results, Set<String> seen) {
        String group = message.senderGroupingKey();
        if (group != null && !group.equals(callId.toString())) {
            throw strange("shows messages of another call");
        }
        String requestId = message.requestId();
        UUID rowId = rowId(message.recipientGroupingKey());
        if (requestId == null || rowId == null) {
            throw strange("shows a message without a name");
        }
        if (seen.add(requestId + "/" + (message.recipientSeq() == null ? rowId : message.recipientSeq()))) {
            // Taken is taken, whatever happened to it a second time.
            results.merge(
                    rowId, result(requestId, message), (one, other) -> one instanceof Result.Accepted ? one : other);
        }
    }

    private static @Nullable UUID rowId(@Nullable String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A message that is listed was taken, unless its status says otherwise. */
    private static Result result(String requestId, Message message) {
        String code = message.resultCode();
        return switch (String.valueOf(message.messageStatus())) {
            case "FAILED" ->
                code != null && code.matches("-?[1-9][0-9]{0,8}")
                        ? failed(Integer.parseInt(code))
                        : new Result.Rejected("failed");
            case "CANCEL" -> new Result.Rejected("cancel");
            default -> new Result.Accepted(requestId);
        };
    }

    private static Unavailable strange(String what) {
        return new Unavailable(WHAT, new IOException("its look-up " + what));
    }

    private <T> @Nullable T parse(Http.Answer answer, Class<T> type) {
        try {
            return answer.whole() ? json.readValue(answer.body(), type) : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    /** Nodes and not records: a record would show phone numbers in its toString. */
    private byte[] body(Notice notice) {
        ObjectNode call = json.createObjectNode()
                .put("senderKey", settings.senderKey())
                .put("templateCode", notice.template())
                .put("senderGroupingKey", notice.callId().toString());
        ArrayNode recipients = call.putArray("recipientList");
        for (Recipient recipient : notice.recipients()) {
            ObjectNode each = recipients.addObject();
            each.put("recipientNo", recipient.address());
            each.putObject("templateParameter").put("name", recipient.name());
            each.put("recipientGroupingKey", recipient.rowId().toString());
        }
        return json.writeValueAsBytes(call);
    }
}
