package standin.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * The message gateway on this machine, as its documentation says (NHN Cloud, Alimtalk, API v2.3), and failing when told
 * to. Different from the documentation it wants UUIDs as grouping keys of recipients, and lists messages by the grouping
 * key of the sender only. Whom it refuses it repeats in words, so that it is seen if they come out anywhere.
 *
 * <p>Messages are taken when a call arrives; latency and hanging come before its answer.
 */
public final class GatewayStub implements AutoCloseable {
    /** The one application that it knows. */
    public static final String APP_KEY = "app1";

    /** That application's secret. */
    public static final String SECRET_KEY = "secret1";

    /** The one sender profile that it knows. */
    public static final String SENDER_KEY = "sender1";

    private static final int MOST = 1000;
    private static final Duration KEY_HELD_FOR = Duration.ofMinutes(10);
    private static final Duration SHOWN_FOR = Duration.ofDays(90);
    private static final Duration LONGEST_RANGE = Duration.ofDays(31);
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);
    private static final ZoneId ZONE = ZoneId.of("Asia/Seoul");
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZONE);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static {
        // Read once by the server of the JDK; without it an answer can wait 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Clock clock;
    private final Taken taken = new Taken();
    private final Counts counts = new Counts();
    private final LinkedHashMap<String, Instant> keys = new LinkedHashMap<>();
    private final List<Answer> answers = new ArrayList<>();

    private volatile Duration latency = Duration.ZERO;
    private volatile long hangsUntil = System.nanoTime();
    private volatile Duration listedAfter = Duration.ZERO;
    private volatile int retryAfter;
    private volatile Loss loss = Loss.TAKEN_CLOSED;
    private volatile int loseEvery;
    private final AtomicInteger toLose = new AtomicInteger();
    private final AtomicInteger lookUpsToFail = new AtomicInteger();
    private int limit = 300;
    private long second;
    private int inSecond;

    /** Recipients whose number matches get a code, so many times. */
    private static final class Answer {
        final Pattern phones;
        final short code;
        final AtomicInteger left;

        Answer(Pattern phones, short code, int times) {
            this.phones = phones;
            this.code = code;
            this.left = new AtomicInteger(times);
        }
    }

    /** Calls by what became of them. */
    private static final class Counts {
        final AtomicLong calls = new AtomicLong();
        final AtomicLong lookUps = new AtomicLong();
        final AtomicLong limited = new AtomicLong();
        final AtomicLong duplicates = new AtomicLong();
        final AtomicLong lost = new AtomicLong();
    }

    /** A call as it came, without names. */
    private static final class Bulk {
        String senderKey = "";
        String template = "";
        String group = "";
        final List<String> phones = new ArrayList<>();
        final List<UUID> rows = new ArrayList<>();
        boolean understood = true;
    }

    /**
     * Starts it on the loopback device.
     *
     * @param port 0 for a free one
     * @param clock its own, which may differ from that of its callers
     */
    public GatewayStub(int port, Clock clock) {
        this.clock = clock;
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.createContext("/control", this::control);
        server.start();
    }

    /** Its base URL. */
    public URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** Every answer to a call of messages comes that late. */
    public void setLatency(Duration latency) {
        this.latency = latency;
    }

    /** Calls of a second that are answered; the others get 429. 300 unless told otherwise. */
    public synchronized void setLimit(int perSecond) {
        this.limit = perSecond;
    }

    /** A 429 asks for a pause of so many seconds; 0 for a 429 without a word of it. */
    public void setRetryAfter(int seconds) {
        this.retryAfter = seconds;
    }

    /** How answers are lost from now on; {@link Loss#TAKEN_CLOSED} unless told otherwise. */
    public void setLoss(Loss how) {
        this.loss = how;
    }

    /** The answers to the next calls of messages are lost. */
    public void lose(int calls) {
        toLose.set(calls);
    }

    /** One of so many answers to calls of messages is lost; 0 for none. */
    public void setLoseEvery(int calls) {
        this.loseEvery = calls;
    }

    /** No answer of any kind comes before that time is over. */
    public void hang(Duration howLong) {
        this.hangsUntil = System.nanoTime() + howLong.toNanos();
    }

    /** Messages are listed no earlier than so long after they were taken. */
    public void setListedAfter(Duration after) {
        this.listedAfter = after;
    }

    /** The next look-ups get HTTP 500. */
    public void failLookUps(int lookUps) {
        lookUpsToFail.set(lookUps);
    }

    /**
     * Recipients get a code instead of a message.
     *
     * @param phones whose whole number matches
     * @param code for instance -5000
     * @param times for so many recipients
     */
    public synchronized void refuse(Pattern phones, int code, int times) {
        answers.add(new Answer(phones, (short) code, times));
    }

    /** What was sent. */
    public Sends sends() {
        return taken.sends();
    }

    /** How often something was sent for a row. */
    public long sendsFor(UUID row) {
        return taken.sendsFor(row);
    }

    /** How often something was sent to a number; digits. */
    public long sendsTo(String phone) {
        return taken.sendsTo(phone);
    }

    /** Calls of messages that arrived, those over the limit too. */
    public long calls() {
        return counts.calls.get();
    }

    /** Look-ups that arrived, those over the limit too. */
    public long lookUps() {
        return counts.lookUps.get();
    }

    /**
     * Tells it to behave so, by the names of its programme's arguments.
     *
     * @param name {@code latency}, {@code hang}, {@code listed-after} (milliseconds), {@code limit}, {@code retry-after},
     *     {@code loss}, {@code lose}, {@code lose-every}, {@code fail-look-ups}, or {@code refuse} as
     *     {@code <code>:<times>:<pattern of phones>}
     * @param value its value
     * @throws IllegalArgumentException if there is no such name or value
     */
    public void set(String name, String value) {
        switch (name) {
            case "latency" -> setLatency(Duration.ofMillis(Long.parseLong(value)));
            case "limit" -> setLimit(Integer.parseInt(value));
            case "retry-after" -> setRetryAfter(Integer.parseInt(value));
            case "loss" -> setLoss(Loss.valueOf(value));
            case "lose" -> lose(Integer.parseInt(value));
            case "lose-every" -> setLoseEvery(Integer.parseInt(value));
            case "hang" -> hang(Duration.ofMillis(Long.parseLong(value)));
            case "listed-after" -> setListedAfter(Duration.ofMillis(Long.parseLong(value)));
            case "fail-look-ups" -> failLookUps(Integer.parseInt(value));
            case "refuse" -> {
                String[] parts = value.split(":", 3);
                if (parts.length != 3) {
                    throw new IllegalArgumentException("refuse: <code>:<times>:<pattern of phones>");
                }
                refuse(Pattern.compile(parts[2]), Short.parseShort(parts[0]), Integer.parseInt(parts[1]));
            }
            default -> throw new IllegalArgumentException("no such setting: " + name);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean post = exchange.getRequestMethod().equals("POST");
            (post ? counts.calls : counts.lookUps).incrementAndGet();
            if (!underLimit()) {
                counts.limited.incrementAndGet();
                if (retryAfter > 0) {
                    exchange.getResponseHeaders().set("Retry-After", Integer.toString(retryAfter));
                }
                send(exchange, 429, new byte[0]);
                return;
            }
            String path = exchange.getRequestURI().getPath();
            if (!path.matches("/alimtalk/v2\\.3/appkeys/[^/]*/messages")) {
                send(exchange, 404, header(-9998, "Not exist API"));
            } else if (!path.split("/", -1)[4].equals(APP_KEY)) {
                send(exchange, 200, header(-1000, "Invalid appKey."));
            } else if (!SECRET_KEY.equals(exchange.getRequestHeaders().getFirst("X-Secret-Key"))) {
                send(exchange, 200, header(-1001, "Invalid secretKey."));
            } else if (post) {
                messages(exchange, body);
            } else {
                lookUp(exchange, fields(exchange.getRequestURI().getRawQuery()));
            }
        }
    }

    private synchronized boolean underLimit() {
        long now = System.nanoTime() / 1_000_000_000;
        if (now != second) {
            second = now;
            inSecond = 0;
        }
        return ++inSecond <= limit;
    }

    private void messages(HttpExchange exchange, byte[] body) throws IOException {
        Bulk bulk = read(body);
        int refused = !bulk.understood
                ? -4000
                : !bulk.senderKey.equals(SENDER_KEY)
                        ? -2017
                        : bulk.template.startsWith("NO-SUCH") ? -3003 : bulk.rows.isEmpty() ? -4011 : 0;
        if (refused != 0) {
            send(exchange, 200, header(refused, "refused"));
            return;
        }
        Loss lost = nextLoss();
        if (lost == null || lost.taken()) {
            if (!firstWith(exchange.getRequestHeaders().getFirst("X-NC-API-IDEMPOTENCY-KEY"))) {
                counts.duplicates.incrementAndGet();
                send(
                        exchange,
                        200,
                        header(-1005, "The same 'X-NC-API-IDEMPOTENCY-KEY' was used within the last 10 minute."));
                return;
            }
            byte[] answer = take(bulk);
            delay(latency);
            hang();
            if (lost == null) {
                send(exchange, 200, answer);
                return;
            }
        }
        counts.lost.incrementAndGet();
        switch (lost) {
            case TAKEN_500, UNTAKEN_500 -> send(exchange, 500, new byte[0]);
            case TAKEN_SILENT -> delay(LONGEST_SILENCE);
            // To leave without an answer closes the connection.
            case TAKEN_CLOSED, UNTAKEN_CLOSED -> {}
        }
    }

    private @Nullable Loss nextLoss() {
        int every = loseEvery;
        boolean next = toLose.getAndUpdate(left -> left > 0 ? left - 1 : 0) > 0;
        return next || (every > 0 && counts.calls.get() % every == 0) ? loss : null;
    }

    private boolean firstWith(@Nullable String key) {
        if (key == null) {
            return true;
        }
        Instant now = clock.instant();
        synchronized (keys) {
            var oldest = keys.entrySet().iterator();
            while (oldest.hasNext() && !oldest.next().getValue().isAfter(now.minus(KEY_HELD_FOR))) {
                oldest.remove();
            }
            return keys.putIfAbsent(key, now) == null;
        }
    }

    private byte[] take(Bulk bulk) {
        int count = bulk.rows.size();
        long[] phones = new long[count];
        short[] codes = new short[count];
        int refused = 0;
        for (int i = 0; i < count; i++) {
            String phone = bulk.phones.get(i);
            boolean wellFormed = phone.matches("[0-9]{8,15}");
            phones[i] = Taken.packed(wellFormed ? phone : "0");
            codes[i] = wellFormed ? codeFor(phone) : -5000;
            refused += codes[i] == 0 ? 0 : 1;
        }
        String requestId = UUID.randomUUID().toString();
        taken.add(
                bulk.group, requestId, bulk.template, clock.instant(), new Taken.Recipients(bulk.rows, phones, codes));
        boolean all = refused == count;
        return json(answer -> {
            head(
                    answer,
                    all ? -1031 : 0,
                    all ? "All of receivers are failed to send: " + bulk.phones.getFirst() : "SUCCESS");
            answer.writeObjectPropertyStart("message");
            answer.writeStringProperty("requestId", requestId);
            answer.writeStringProperty("senderGroupingKey", bulk.group);
            answer.writeArrayPropertyStart("sendResults");
            for (int i = 0; i < count; i++) {
                answer.writeStartObject();
                answer.writeNumberProperty("recipientSeq", i + 1);
                answer.writeStringProperty("recipientNo", bulk.phones.get(i));
                answer.writeNumberProperty("resultCode", codes[i]);
                answer.writeStringProperty(
                        "resultMessage", codes[i] == 0 ? "SUCCESS" : "refused: " + bulk.phones.get(i));
                answer.writeStringProperty(
                        "recipientGroupingKey", bulk.rows.get(i).toString());
                answer.writeEndObject();
            }
            answer.writeEndArray();
            answer.writeEndObject();
        });
    }

    private short codeFor(String phone) {
        synchronized (this) {
            for (Answer answer : answers) {
                if (answer.phones.matcher(phone).matches()
                        && answer.left.getAndUpdate(left -> left > 0 ? left - 1 : 0) > 0) {
                    return answer.code;
                }
            }
        }
        return 0;
    }

    private void lookUp(HttpExchange exchange, Map<String, String> query) throws IOException {
        hang();
        if (lookUpsToFail.getAndUpdate(left -> left > 0 ? left - 1 : 0) > 0) {
            send(exchange, 500, new byte[0]);
            return;
        }
        Instant now = clock.instant();
        Instant from;
        Instant to;
        int page;
        int pageSize;
        try {
            from = time(query.getOrDefault("startRequestDate", ""));
            to = time(query.getOrDefault("endRequestDate", "")).plusSeconds(59);
            page = Integer.parseInt(query.getOrDefault("pageNum", "1"));
            pageSize = Integer.parseInt(query.getOrDefault("pageSize", "15"));
        } catch (DateTimeException | NumberFormatException e) {
            send(exchange, 200, header(-4103, "RequestId or startRequestDate/endRequestDate is invalid."));
            return;
        }
        if (Duration.between(from, to).compareTo(LONGEST_RANGE) > 0) {
            send(exchange, 200, header(-4003, "Search is possible within 31 days."));
            return;
        }
        String group = query.get("senderGroupingKey");
        if (group == null || page < 1 || pageSize < 1 || pageSize > MOST) {
            send(exchange, 200, header(-4000, "Invalid parameter"));
            return;
        }
        Instant first = from.isBefore(now.minus(SHOWN_FOR)) ? now.minus(SHOWN_FOR) : from;
        Instant last = to.isAfter(now.minus(listedAfter)) ? now.minus(listedAfter) : to;
        List<Taken.Listed> listed = new ArrayList<>();
        int total = taken.list(group, first, last, (page - 1) * pageSize, pageSize, listed);
        send(exchange, 200, json(answer -> {
            head(answer, 0, "SUCCESS");
            answer.writeObjectPropertyStart("messageSearchResultResponse");
            answer.writeArrayPropertyStart("messages");
            listed.forEach(each -> message(answer, group, each));
            answer.writeEndArray();
            answer.writeNumberProperty("totalCount", total);
            answer.writeEndObject();
        }));
    }

    private static void message(JsonGenerator answer, String group, Taken.Listed listed) {
        String at = SECOND.format(listed.block().at());
        answer.writeStartObject();
        answer.writeStringProperty("requestId", listed.block().requestId());
        answer.writeNumberProperty("recipientSeq", listed.sequence());
        answer.writeStringProperty("senderKey", SENDER_KEY);
        answer.writeStringProperty("templateCode", listed.block().template());
        answer.writeStringProperty("recipientNo", Taken.digits(listed.phone()));
        answer.writeStringProperty("content", "…");
        answer.writeStringProperty("requestDate", at);
        answer.writeStringProperty("createDate", at);
        answer.writeStringProperty("messageStatus", listed.code() == 0 ? "COMPLETED" : "FAILED");
        answer.writeStringProperty("resultCode", listed.code() == 0 ? "MRC01" : Integer.toString(listed.code()));
        answer.writeStringProperty("senderGroupingKey", group);
        answer.writeStringProperty("recipientGroupingKey", listed.row().toString());
        answer.writeEndObject();
    }

    private static Instant time(String text) {
        return LocalDateTime.parse(text, MINUTE).atZone(ZONE).toInstant();
    }

    /** Token by token: a tree of a thousand recipients would cost more than all the rest. */
    private static Bulk read(byte[] body) {
        Bulk bulk = new Bulk();
        try (JsonParser parser = JSON.createParser(body)) {
            bulk.understood = parser.nextToken() == JsonToken.START_OBJECT;
            while (bulk.understood && parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "senderKey" -> bulk.senderKey = parser.getString();
                    case "templateCode" -> bulk.template = parser.getString();
                    case "senderGroupingKey" -> bulk.group = parser.getString();
                    case "recipientList" -> {
                        while (value != JsonToken.END_ARRAY && bulk.understood) {
                            value = parser.nextToken();
                            if (value == JsonToken.START_OBJECT) {
                                recipient(parser, bulk);
                            }
                        }
                    }
                    default -> parser.skipChildren();
                }
            }
            bulk.understood &= bulk.rows.size() <= MOST && bulk.group.length() <= 100;
        } catch (JacksonException | IllegalArgumentException e) {
            bulk.understood = false;
        }
        return bulk;
    }

    private static void recipient(JsonParser parser, Bulk bulk) {
        String phone = "";
        UUID row = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "recipientNo" -> phone = parser.getString();
                case "recipientGroupingKey" -> row = UUID.fromString(parser.getString());
                default -> parser.skipChildren();
            }
        }
        bulk.understood &= row != null;
        if (row != null) {
            bulk.phones.add(phone);
            bulk.rows.add(row);
        }
    }

    private void control(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            Map<String, String> query = fields(exchange.getRequestURI().getRawQuery());
            try {
                switch (exchange.getRequestMethod()) {
                    case "POST" -> query.forEach(this::set);
                    case "DELETE" -> {
                        taken.clear();
                        synchronized (keys) {
                            keys.clear();
                        }
                    }
                    default -> {}
                }
            } catch (IllegalArgumentException e) {
                send(exchange, 400, String.valueOf(e.getMessage()).getBytes(UTF_8));
                return;
            }
            send(exchange, 200, json(answer -> {
                String row = query.get("row");
                String phone = query.get("phone");
                if (row != null) {
                    answer.writeNumberProperty("sends", sendsFor(UUID.fromString(row)));
                } else if (phone != null) {
                    answer.writeNumberProperty("sends", sendsTo(phone));
                } else {
                    Sends sends = sends();
                    answer.writeNumberProperty("sent", sends.sent());
                    answer.writeNumberProperty("rows", sends.rows());
                    answer.writeNumberProperty("phones", sends.phones());
                    answer.writeNumberProperty("refused", sends.refused());
                    answer.writeNumberProperty("calls", calls());
                    answer.writeNumberProperty("lookUps", lookUps());
                    answer.writeNumberProperty("limited", counts.limited.get());
                    answer.writeNumberProperty("duplicates", counts.duplicates.get());
                    answer.writeNumberProperty("lost", counts.lost.get());
                }
            }));
        }
    }

    private interface Writing {
        void to(JsonGenerator answer);
    }

    private static byte[] json(Writing writing) {
        var bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator answer = JSON.createGenerator(bytes)) {
            answer.writeStartObject();
            writing.to(answer);
            answer.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void head(JsonGenerator answer, int code, String message) {
        answer.writeObjectPropertyStart("header");
        answer.writeNumberProperty("resultCode", code);
        answer.writeStringProperty("resultMessage", message);
        answer.writeBooleanProperty("isSuccessful", code == 0);
        answer.writeEndObject();
    }

    private static byte[] header(int code, String message) {
        return json(answer -> head(answer, code, message));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json;charset=UTF-8");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private void hang() {
        delay(Duration.ofNanos(Math.max(0, hangsUntil - System.nanoTime())));
    }

    /** Ends early when the gateway is closed. */
    private void delay(Duration howLong) {
        try {
            closing.await(howLong.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> fields(@Nullable String encoded) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : encoded == null ? new String[0] : encoded.split("&", -1)) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], URLDecoder.decode(parts.length == 1 ? "" : parts[1], UTF_8));
        }
        return fields;
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.close();
    }
}
