package mallstream.notification;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
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
import org.apache.hc.client5.http.classic.methods.HttpPost;
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
 */
@Component
class AlimtalkNotices implements SendNotices, AutoCloseable {
    private static final String WHAT = "message gateway";
    private static final int MOST = 1000;
    /** A bulk answer has about 150 bytes per recipient. */
    private static final int ANSWER_BYTES = 2 * 1024 * 1024;
    /** Calls at the same time; one that finds no place within two timeouts is not made, and says so. */
    private static final int MOST_CALLS = 64;

    private static final int DUPLICATE = -1005;
    /**
     * The whole call was refused for our keys or our daily volume. Rejecting the rows would end a campaign for a wrong
     * setting; so they wait until an operator has put it right.
     */
    private static final Set<Integer> OURS_TO_REPAIR = Set.of(-1000, -1001, -1017, -4004, -4005);
    /** The gateway failed inside, so it says nothing of the rows. */
    private static final Set<Integer> FAILED_INSIDE = Set.of(-7000, -9999);

    private final GatewaySettings settings;
    private final RateLimiter rate;
    private final CloseableHttpClient client;
    private final BoundedCalls calls;
    private final JsonMapper json = JsonMapper.builder().build();

    /** How a call ended. */
    private sealed interface Ended {
        /** With results. */
        record Answered(List<Result> results) implements Ended {}

        /** Certainly without effect. */
        record NotTaken(Exception cause) implements Ended {}
    }

    private record Reply(@Nullable Header header, @Nullable Sent message) {}

    private record Header(int resultCode, boolean isSuccessful) {}

    private record Sent(
            @Nullable String requestId, @Nullable List<SendResult> sendResults) {}

    private record SendResult(@Nullable String recipientGroupingKey, int resultCode) {}

    AlimtalkNotices(GatewaySettings settings) throws NoSuchAlgorithmException {
        this.settings = settings;
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

    @Override
    public Optional<Map<UUID, Result>> lookUp(UUID callId, Instant begunAt) {
        return Optional.empty();
    }

    @Override
    public List<Result> send(Notice notice) {
        int recipients = notice.recipients().size();
        if (recipients < 1 || recipients > MOST) {
            throw new InvalidValue("recipients", "must be 1 to " + MOST);
        }
        URI base = settings.baseUrl();
        if (base == null) {
            throw new Unavailable(WHAT, new IllegalStateException("mallstream.notice.gateway.base-url is not set"));
        }
        if (!rate.acquirePermission()) {
            throw new Unavailable(
                    WHAT, new IllegalStateException("more calls than mallstream.notice.gateway.requests-per-second"));
        }
        return switch (calls.run(List.of(new BulkCall(base, notice))).getFirst()) {
            case Ended.Answered answered -> answered.results();
            case Ended.NotTaken notTaken -> throw new Unavailable(WHAT, notTaken.cause());
        };
    }

    @Override
    public void close() throws IOException {
        calls.close();
        client.close();
    }

    private enum Progress {
        NOTHING_WRITTEN,
        WRITING,
        CUT
    }

    private final class BulkCall implements BoundedCalls.Call<Ended> {
        private final URI base;
        private final Notice notice;
        private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.NOTHING_WRITTEN);

        private BulkCall(URI base, Notice notice) {
            this.base = base;
            this.notice = notice;
        }

        @Override
        public Object key() {
            return base;
        }

        @Override
        public Ended make() {
            String path = base.toString().replaceAll("/+$", "");
            HttpPost request = new HttpPost(path + "/alimtalk/v2.3/appkeys/" + settings.appKey() + "/messages");
            request.setHeader("X-Secret-Key", settings.secretKey());
            request.setHeader("X-NC-API-IDEMPOTENCY-KEY", idempotencyKey(notice));
            byte[] body = body(notice);
            request.setEntity(
                    new EntityTemplate(body.length, ContentType.APPLICATION_JSON, null, out -> write(body, out)));
            try {
                return read(Http.call(client, request, ANSWER_BYTES));
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
                return new Ended.NotTaken(new IOException("HTTP status " + status));
            }
            Reply reply = answer.whole() ? parse(answer.body()) : null;
            Header header = reply == null ? null : reply.header();
            if (reply == null || header == null) {
                // A refusal without the gateway's words is one of the HTTP layer: the request itself is wrong.
                return all(
                        status / 100 == 4 && status != 408
                                ? new Result.Rejected("http-" + status)
                                : new Result.Unknown());
            }
            int code = header.resultCode();
            if (status / 100 == 5 || status == 408 || code == DUPLICATE || FAILED_INSIDE.contains(code)) {
                return all(new Result.Unknown());
            }
            Sent sent = reply.message();
            List<SendResult> results = sent == null ? null : sent.sendResults();
            if (sent != null && results != null && !results.isEmpty()) {
                return perRecipient(header, sent.requestId(), results);
            }
            if (header.isSuccessful()) {
                return all(new Result.Unknown());
            }
            if (OURS_TO_REPAIR.contains(code)) {
                return new Ended.NotTaken(new IOException(
                        "the gateway refused the call with code " + code + ", see mallstream.notice.gateway.*"));
            }
            return all(new Result.Rejected(Integer.toString(code)));
        }

        private Ended perRecipient(Header header, @Nullable String requestId, List<SendResult> results) {
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
            if (code != 0) {
                return new Result.Rejected(Integer.toString(code));
            }
            // A recipient that was taken in a call that failed, or without an id, contradicts itself.
            return header.isSuccessful() && requestId != null ? new Result.Accepted(requestId) : new Result.Unknown();
        }

        private Ended all(Result result) {
            return new Ended.Answered(Collections.nCopies(notice.recipients().size(), result));
        }
    }

    private @Nullable Reply parse(byte[] body) {
        try {
            return json.readValue(body, Reply.class);
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

    /** The same for the same rows in any order, so that a repetition within ten minutes is refused as a duplicate. */
    static String idempotencyKey(Notice notice) {
        String rows = notice.recipients().stream()
                .map(recipient -> recipient.rowId().toString())
                .sorted()
                .collect(Collectors.joining(",", notice.callId() + "," + notice.template() + ",", ""));
        return UUID.nameUUIDFromBytes(rows.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
