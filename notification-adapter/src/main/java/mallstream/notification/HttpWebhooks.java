package mallstream.notification;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import mallstream.member.application.port.out.SendWebhooks;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Webhooks after Standard Webhooks 1.0.0.
 *
 * <p>An address is resolved once per attempt, judged, and the connection goes to the very addresses that were judged:
 * the client has no way to resolve a name. It still gets the name, for Host, SNI and the certificate.
 */
@Component
class HttpWebhooks implements SendWebhooks, AutoCloseable {
    /** Without the charset parameter, which JSON does not have. */
    private static final ContentType JSON = ContentType.create("application/json");

    private static final int ANSWER_BYTES = 64 * 1024;
    /** The longest step of the retry schedule; a receiver cannot ask for more. */
    private static final Duration LONGEST_PAUSE = Duration.ofHours(24);

    private static final ScopedValue<List<InetAddress>> JUDGED = ScopedValue.newInstance();

    private final AddressGuard guard;
    private final CloseableHttpClient client;
    private final int mostPerEndpoint;
    private final BoundedCalls calls;
    private final BoundedCalls.Series<Ended> attempts;

    @Autowired
    HttpWebhooks(WebhookSettings settings) throws NoSuchAlgorithmException {
        this(settings, name -> List.of(InetAddress.getAllByName(name)), SSLContext.getDefault());
    }

    HttpWebhooks(WebhookSettings settings, AddressGuard.Names names, SSLContext tls) {
        guard = new AddressGuard(settings.allowed(), settings.allowHttp(), names);
        client = Http.client(new Judged(), tls, settings.maxCalls(), settings.timeout());
        mostPerEndpoint = settings.maxCallsPerEndpoint();
        calls = new BoundedCalls("webhook-", settings.maxCalls(), mostPerEndpoint, settings.timeout());
        attempts = calls.series();
    }

    @Override
    public Optional<String> whyNot(URI url) {
        return switch (guard.judge(url)) {
            case AddressGuard.Verdict.Open open -> Optional.empty();
            case AddressGuard.Verdict.Closed closed -> Optional.of(closed.why());
        };
    }

    @Override
    public int room() {
        return calls.room();
    }

    @Override
    public int mostPerEndpoint() {
        return mostPerEndpoint;
    }

    @Override
    public int running() {
        return attempts.open();
    }

    @Override
    public int start(List<Message> messages) {
        int started = 0;
        for (Message message : messages) {
            started += attempts.start(new Attempt(message)) ? 1 : 0;
        }
        return started;
    }

    @Override
    public List<Ended> ended(Duration most) {
        return attempts.ended(most);
    }

    @Override
    public void close() throws IOException {
        calls.close();
        client.close();
    }

    private final class Attempt implements BoundedCalls.Call<Ended> {
        private final Message message;

        private Attempt(Message message) {
            this.message = message;
        }

        @Override
        public Object key() {
            return message.endpointId();
        }

        @Override
        public Ended make() {
            return switch (guard.judge(message.url())) {
                case AddressGuard.Verdict.Open open -> new Ended(message, post(message, open.addresses()));
                case AddressGuard.Verdict.Closed closed -> new Ended(message, failed(closed.code()));
            };
        }

        @Override
        public Ended missed(BoundedCalls.Missed why) {
            return new Ended(
                    message,
                    switch (why) {
                        case NO_PLACE, STOPPED -> new Result.NotMade();
                        case OUT_OF_TIME -> failed("timeout");
                        case BROKEN -> failed("error");
                    });
        }
    }

    private Result post(Message message, List<InetAddress> addresses) {
        HttpPost request = new HttpPost(message.url());
        String timestamp = Long.toString(message.attemptedAt().getEpochSecond());
        request.setHeader("webhook-id", message.id());
        request.setHeader("webhook-timestamp", timestamp);
        request.setHeader("webhook-signature", signatures(message.id(), timestamp, message.body(), message.secrets()));
        request.setEntity(new ByteArrayEntity(message.body().getBytes(StandardCharsets.UTF_8), JSON));
        try {
            Http.Answer answer =
                    ScopedValue.where(JUDGED, addresses).call(() -> Http.call(client, request, ANSWER_BYTES));
            return result(answer, message.attemptedAt());
        } catch (InterruptedIOException e) {
            return failed("timeout");
        } catch (SSLException e) {
            return failed("tls");
        } catch (ConnectException | NoRouteToHostException e) {
            return failed("connect");
        } catch (IOException e) {
            return failed("connection");
        }
    }

    private static Result result(Http.Answer answer, Instant attemptedAt) {
        int status = answer.status();
        if (status / 100 == 2) {
            return new Result.Delivered(status);
        }
        if (status == 410) {
            return new Result.Gone();
        }
        String why = status / 100 == 3 ? "redirect" : "http-" + status;
        return new Result.Failed(status, why, Http.pause(answer.retryAfter(), attemptedAt, LONGEST_PAUSE));
    }

    private static Result failed(String why) {
        return new Result.Failed(0, why, null);
    }

    /** One signature per secret, so that a receiver may hold the old or the new one while they are exchanged. */
    static String signatures(String id, String timestamp, String body, List<byte[]> secrets) {
        byte[] signed = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
        return secrets.stream()
                .map(secret -> "v1," + Base64.getEncoder().encodeToString(hmac(secret, signed)))
                .collect(Collectors.joining(" "));
    }

    private static byte[] hmac(byte[] secret, byte[] signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }

    /** Answers with the addresses that were judged for this attempt, and with nothing where none were. */
    private static final class Judged implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return JUDGED.orElseThrow(() -> new UnknownHostException("not judged"))
                    .toArray(InetAddress[]::new);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
