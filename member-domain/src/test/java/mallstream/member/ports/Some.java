package mallstream.member.ports;

import java.net.URI;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import mallstream.member.model.CampaignId;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.EmailAddress;
import mallstream.member.model.LoginId;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.PersonName;
import mallstream.member.model.PhoneNumber;
import mallstream.member.model.SignUpBenefits;
import mallstream.member.model.UuidV7;
import mallstream.member.model.WebhookEndpoint;
import org.jspecify.annotations.Nullable;

/** Values for tests that do not care which; invented all of them. */
public final class Some {
    /** A moment in whole seconds. */
    public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    /** A mall. */
    public static final MallId MALL = new MallId("mall-1");

    /** Another mall. */
    public static final MallId OTHER_MALL = new MallId("mall-2");

    /** 5,000 points for a year, ten percent for 30 days. */
    public static final SignUpBenefits BENEFITS = new SignUpBenefits(5000, 365, 10, 30);

    /** The policy of those benefits. */
    public static final CouponPolicy POLICY = BENEFITS.couponPolicy();

    /** Randomness that several threads may use. */
    public static final RandomGenerator RANDOM = new Random(1);

    private static final AtomicInteger COUNT = new AtomicInteger();

    private Some() {}

    /** A new id; ids sort in the order in which they were made. */
    public static UUID uuid() {
        return UuidV7.at(NOW.plusMillis(COUNT.incrementAndGet()), RANDOM);
    }

    /** A new member's key. */
    public static Member.Key key(MallId mall) {
        return new Member.Key(mall, new MemberId(uuid()));
    }

    /** A new member that signed up at {@link #NOW}. */
    public static Member member(MallId mall) {
        return member(mall, NOW);
    }

    /** A new member. */
    public static Member member(MallId mall, Instant signedUpAt) {
        UUID id = uuid();
        return new Member(
                new MemberId(id),
                mall,
                new LoginId("login-" + id),
                new PersonName("홍길동"),
                new EmailAddress("hong@example.com"),
                new PhoneNumber("010-1234-5678"),
                signedUpAt);
    }

    /** What benefits of a member are keyed by. */
    public static Member.Key keyOf(Member member) {
        return new Member.Key(member.mallId(), member.id());
    }

    /** A sign-up of a new member. */
    public static MemberSignedUp signUp(MallId mall) {
        return signUp(key(mall));
    }

    /** A sign-up, told by a new event. */
    public static MemberSignedUp signUp(Member.Key key) {
        return new MemberSignedUp(uuid(), key.mallId(), key.memberId(), NOW);
    }

    /** A new endpoint. */
    public static WebhookEndpoint endpoint(MallId mall) {
        return endpoint(mall, Set.of());
    }

    /** A new endpoint that wants some types of event only. */
    public static WebhookEndpoint endpoint(MallId mall, Set<String> types) {
        return new WebhookEndpoint(
                uuid(),
                mall,
                URI.create("https://hooks.example.com/in"),
                types,
                WebhookEndpoint.Secret.from(RANDOM),
                NOW);
    }

    /** A new campaign, made at {@link #NOW}; {@code null} for all malls. */
    public static NoticeCampaign campaign(@Nullable MallId mall) {
        return campaign(mall, NoticeCampaign.NoticeChannel.ALIMTALK);
    }

    /** A new campaign by a channel, made at {@link #NOW}; {@code null} for all malls. */
    public static NoticeCampaign campaign(@Nullable MallId mall, NoticeCampaign.NoticeChannel channel) {
        return new NoticeCampaign(
                new CampaignId(uuid()), mall, 2026, channel, "NOTICE_2026", 1, NOW, NoticeCampaign.State.PREPARING);
    }
}
