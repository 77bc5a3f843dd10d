package mallstream.member.model;

import java.time.Instant;
import java.time.ZoneId;
import java.util.UUID;

/**
 * Points that were granted together and expire together.
 *
 * @param id the lot
 * @param owner whose it is
 * @param source why it was granted; once per owner and source
 * @param granted whole won, 1 or more
 * @param rest what is left of it, 0 to {@code granted}
 * @param grantedAt when
 * @param expiresAt from when on the rest counts no more
 */
public record PointLot(
        UUID id, Member.Key owner, String source, long granted, long rest, Instant grantedAt, Instant expiresAt) {
    private static final ZoneId KOREA = ZoneId.of("Asia/Seoul");

    /** Why a lot of a sign-up was granted. */
    public static final String SIGNUP = "SIGNUP";

    /** @throws InvalidValue if an amount is out of its range */
    public PointLot {
        if (granted < 1 || rest < 0 || rest > granted) {
            throw new InvalidValue("points", "must be 1 or more, and the rest not more than that");
        }
    }

    /**
     * @param id the new lot
     * @param owner who gets it
     * @param points whole won, 1 or more
     * @param days the lot counts until the end, in Korean time, of the day that many days after {@code now}
     * @param now when
     * @return a full lot for a sign-up
     */
    public static PointLot forSignUp(UUID id, Member.Key owner, long points, int days, Instant now) {
        Instant end = now.atZone(KOREA)
                .toLocalDate()
                .plusDays(days + 1L)
                .atStartOfDay(KOREA)
                .toInstant();
        return new PointLot(id, owner, SIGNUP, points, points, now, end);
    }

    /**
     * @param newRest whole won, 0 to {@link #granted}
     * @return the same lot with another rest
     * @throws InvalidValue if the rest is out of its range
     */
    public PointLot withRest(long newRest) {
        return new PointLot(id, owner, source, granted, newRest, grantedAt, expiresAt);
    }

    /**
     * @param now the time to look at it
     * @return what of it counts for the balance
     */
    public long countsAt(Instant now) {
        return now.isBefore(expiresAt) ? rest : 0;
    }
}
