package mallstream.order.adapter.out.naverpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import mallstream.order.application.port.out.OrderFeed.Answer;
import mallstream.order.application.port.out.OrderFeed.Denial;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** The token of one account: asked for by one thread at a time, and kept in memory only. */
final class NaverTokens {
    /** A token that ends sooner is renewed. Naver gives the same one for as long as half an hour of it is left. */
    private static final Duration EARLY = Duration.ofMinutes(10);

    /** A signature is valid for five minutes, so a clock that is further off is told by the refusal itself. */
    private static final Duration TELLING = Duration.ofMinutes(1);

    private final NaverSettings.Account account;
    private final NaverHttp http;
    private final ReentrantLock one = new ReentrantLock();

    private @Nullable Token current;

    private record Token(String text, Instant until) {}

    NaverTokens(NaverSettings.Account account, NaverHttp http) {
        this.account = account;
        this.http = http;
    }

    /**
     * A token that is valid for some minutes.
     *
     * @param refused one that Naver did not take, or {@code null}; it is not given again without asking Naver
     */
    Answer<String> token(@Nullable String refused) {
        one.lock();
        try {
            Token token = current;
            if (token != null
                    && !token.text().equals(refused)
                    && http.now().plus(EARLY).isBefore(token.until())) {
                return new Answer.Got<>(token.text());
            }
            return renew();
        } finally {
            one.unlock();
        }
    }

    private Answer<String> renew() {
        Instant signedAt = http.now();
        Reply reply = ask(signedAt);
        boolean clockWasOff = Duration.between(signedAt, http.now()).abs().compareTo(TELLING) > 0;
        if (reply.status() >= 400 && reply.status() < 500 && reply.status() != 429 && clockWasOff) {
            reply = ask(http.now());
        }
        String text = reply.json().path("access_token").asString("");
        // In a header nothing else can travel, and the error of who tries would quote it.
        if (reply.isOk() && text.matches("[!-~]+")) {
            long seconds = reply.json().path("expires_in").asLong(0);
            current = new Token(text, http.now().plusSeconds(seconds));
            return new Answer.Got<>(text);
        }
        return new Answer.Denied<>(denial(reply));
    }

    private Denial denial(Reply reply) {
        Denial denial = reply.isOk()
                ? new Denial.Away("Naver answers without a token", reply.traceId())
                : Denials.of(reply, http.now());
        return reply.status() == 400 && denial instanceof Denial.Refused
                ? new Denial.Refused(
                        "Naver gives no token: see that client-id, client-secret, type and account-id are those of the"
                                + " application",
                        reply.traceId())
                : denial;
    }

    private Reply ask(Instant now) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("client_id", account.clientId());
        form.put("timestamp", Long.toString(now.toEpochMilli()));
        form.put("grant_type", "client_credentials");
        form.put("client_secret_sign", sign(account.clientId(), account.clientSecret(), now));
        form.put("type", account.type().name());
        if (account.accountId() != null) {
            form.put("account_id", account.accountId());
        }
        return http.form(
                "/v1/oauth2/token",
                form.entrySet().stream()
                        .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                        .collect(Collectors.joining("&"))
                        .getBytes(UTF_8));
    }

    /** The secret never travels: it is the salt of a hash over who and when. */
    static String sign(String clientId, String clientSecret, Instant now) {
        String hash = BCrypt.hashpw(clientId + "_" + now.toEpochMilli(), clientSecret);
        return Base64.getEncoder().encodeToString(hash.getBytes(UTF_8));
    }
}
