package mallstream.order.adapter.out.naverpay;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import mallstream.order.application.port.out.OrderFeed.Denial;
import org.jspecify.annotations.Nullable;

/** What Naver's answers mean that are no success. */
final class Denials {
    /** Where Naver does not say how long; its buckets fill by the second. */
    private static final Duration SOME_TIME = Duration.ofSeconds(1);

    /** The longest wait that is taken from a header; then it is asked again, whatever it said. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private Denials() {}

    /**
     * What it means.
     *
     * @param reply any but a success
     * @param now the time at Naver, for a {@code Retry-After} that is a date
     */
    static Denial of(Reply reply, Instant now) {
        return switch (reply.status()) {
            case 0 -> new Denial.Away("Naver " + reply.lost(), null);
            case 401 ->
                refused(
                        reply,
                        "Naver takes no token of this account: see that client-id, client-secret and type are those of its"
                                + " application");
            case 403 ->
                refused(
                        reply,
                        reply.code().equals("GW.IP_NOT_ALLOWED")
                                ? "Naver allows no calls from this address: add the address that this platform calls from to the"
                                        + " application in Naver's API centre"
                                : "Naver forbids it: see that the application may read orders");
            case 429 -> tooOften(reply, now);
            default -> other(reply);
        };
    }

    private static Denial other(Reply reply) {
        if (reply.code().equals("104139")) {
            return new Denial.RangeTooLong();
        }
        return reply.status() >= 500
                ? new Denial.Away("Naver has a failure of its own (" + reply.status() + ")", reply.traceId())
                : refused(
                        reply,
                        "Naver does not take the call (" + reply.status() + " " + plain(reply.code())
                                + "): if it lasts, ask its support");
    }

    private static Denial refused(Reply reply, String why) {
        return new Denial.Refused(why, reply.traceId());
    }

    private static Denial tooOften(Reply reply, Instant now) {
        boolean quota = reply.code().equals("GW.QUOTA_LIMIT");
        Duration told = retryAfter(reply, now);
        if (told == null) {
            told = quota ? quotaPeriod(reply) : untilReplenished(reply);
        }
        if (told.compareTo(SOME_TIME) < 0) {
            told = SOME_TIME;
        }
        return new Denial.TooOften(
                told.compareTo(LONGEST) > 0 ? LONGEST : told,
                quota ? "the quota of this period is used up" : "calls come faster than Naver allows");
    }

    private static @Nullable Duration retryAfter(Reply reply, Instant now) {
        String text = reply.headers().getFirst("Retry-After");
        if (text == null) {
            return null;
        }
        Double seconds = number(text);
        if (seconds != null) {
            return seconds(seconds);
        }
        try {
            return Duration.between(
                    now,
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeParseException none) {
            return null;
        }
    }

    /** Calls that come back per second. */
    private static Duration untilReplenished(Reply reply) {
        Double rate = number(reply.headers().getFirst("GNCP-GW-RateLimit-Replenish-Rate"));
        return rate == null || rate <= 0 ? SOME_TIME : seconds(1 / rate);
    }

    /** Where in its period a quota is nobody says, so the whole of it is the most that it can take. */
    private static Duration quotaPeriod(Reply reply) {
        Double period = number(reply.headers().getFirst("GNCP-GW-Quota-Period"));
        return period == null ? LONGEST : seconds(period);
    }

    private static @Nullable Double number(@Nullable String text) {
        return text != null && text.strip().matches("\\d{1,9}(\\.\\d{1,9})?") ? Double.valueOf(text.strip()) : null;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) Math.ceil(seconds * 1000));
    }

    private static String plain(String code) {
        return code.matches("[A-Za-z0-9._-]{1,40}") ? code : "without a code";
    }
}
