package mallstream.kafka.member;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import mallstream.kafka.StartRefused;
import mallstream.kafka.consume.ConsumerGroupId;
import mallstream.kafka.consume.Decoder;
import mallstream.kafka.consume.InfrastructureUnavailable;
import mallstream.kafka.consume.Result;
import mallstream.kafka.consume.Subscription;
import mallstream.member.application.port.in.EachSignUp;
import mallstream.member.application.port.in.NoticeReaction;
import mallstream.member.application.port.in.Outcome;
import mallstream.member.application.port.in.Reaction;
import mallstream.member.application.port.in.SignUpReaction;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MallId;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.NoticeRequested;
import mallstream.member.model.Unavailable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberBindingsTest {
    private static final String ID = "0190b0e0-0000-7000-8000-000000000001";
    private static final String OTHER = "0190b0e0-0000-7000-8000-000000000002";
    private static final MemberSignedUp SIGN_UP = new MemberSignedUp(
            UUID.fromString(ID), new MallId("mall-1"), MemberId.parse(OTHER), Instant.parse("2026-01-02T03:04:05Z"));

    @Reaction(value = "gift", startsAt = Reaction.StartsAt.NOW)
    private static final class Gift implements EachSignUp {
        @Override
        public Outcome on(MemberSignedUp signUp) {
            return switch (signUp.mallId().value()) {
                case "refuses" -> new Outcome.Refused("no-policy");
                case "waits" -> new Outcome.TryLater(Duration.ofSeconds(3));
                case "again" -> new Outcome.AlreadyDone();
                case "away" -> throw new Unavailable("database", new IllegalStateException());
                default -> new Outcome.Done();
            };
        }
    }

    @Reaction(value = "notice", startsAt = Reaction.StartsAt.RETAINED)
    private static final class Notices implements NoticeReaction {
        @Override
        public List<Outcome> on(List<NoticeRequested> requests) {
            return List.of();
        }
    }

    private static Decoder.Received received(String json) {
        return Decoder.Received.of(
                new ConsumerRecord<>("t", 0, 0, null, json.getBytes(UTF_8)), ConsumerGroupId.of("member", "any"));
    }

    @SuppressWarnings("unchecked") // Each binding is of the type that the test knows.
    private static <E> Subscription<E> only(MemberBindings bindings) {
        return (Subscription<E>) bindings.all().getFirst();
    }

    private static MemberSignedUp of(String mall) {
        return new MemberSignedUp(SIGN_UP.eventId(), new MallId(mall), SIGN_UP.memberId(), SIGN_UP.signedUpAt());
    }

    @Test
    void a_reaction_becomes_a_subscription_with_a_group_of_its_own() {
        Subscription<MemberSignedUp> gift = only(new MemberBindings(List.of(new Gift()), List.of()));
        assertThat(gift.group().value()).isEqualTo("mallstream.member.gift");
        assertThat(gift.topic()).isEqualTo("member.signed-up");
        assertThat(gift.startsAt()).isEqualTo(Subscription.StartPosition.NOW);
        assertThat(gift.owner()).isEqualTo(Gift.class);
        Subscription<NoticeRequested> notice = only(new MemberBindings(List.of(), List.of(new Notices())));
        assertThat(notice.topic()).isEqualTo("member.notice-requested");
        assertThat(notice.startsAt()).isEqualTo(Subscription.StartPosition.RETAINED);
        assertThat(notice.batch()).isEqualTo(new Subscription.Batch(1000, Duration.ofSeconds(1)));
    }

    @Test
    void a_reaction_without_its_annotation_is_refused_by_its_class() {
        SignUpReaction bare = signUps -> List.of();
        assertThatThrownBy(() -> new MemberBindings(List.of(bare), List.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(bare.getClass().getName());
    }

    @Test
    void outcomes_become_results() {
        Subscription<MemberSignedUp> gift = only(new MemberBindings(List.of(new Gift()), List.of()));
        assertThat(gift.handler().handle(List.of(of("m"), of("refuses"), of("waits"), of("again"))))
                .containsExactly(
                        new Result.Done(),
                        new Result.Refused("no-policy"),
                        new Result.TryLater(Duration.ofSeconds(3)),
                        new Result.AlreadyDone());
    }

    @Test
    void the_domains_unavailable_becomes_the_engines() {
        Subscription<MemberSignedUp> gift = only(new MemberBindings(List.of(new Gift()), List.of()));
        assertThatThrownBy(() -> gift.handler().handle(List.of(of("away"))))
                .isInstanceOf(InfrastructureUnavailable.class)
                .hasMessage("database is unavailable");
    }

    @Test
    void a_sign_up_is_read_and_fields_that_are_not_known_are_ignored() throws Decoder.Malformed {
        assertThat(MemberWire.signedUp(received("""
                {"eventId":"%s","mallId":"mall-1","memberId":"%s","signedUpAt":"2026-01-02T03:04:05Z","new":[1]}""".formatted(ID, OTHER)))).isEqualTo(SIGN_UP);
    }

    @Test
    void a_requested_notice_is_read() throws Decoder.Malformed {
        assertThat(MemberWire.noticeRequested(received("""
                {"campaignId":"%s","mallId":"mall-1","memberId":"%s"}""".formatted(ID, OTHER))))
                .isEqualTo(new NoticeRequested(CampaignId.parse(ID), new MallId("mall-1"), MemberId.parse(OTHER)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                                                     | malformed-json
                    {"eventId":                                                            | malformed-json
                    []                                                                     | malformed-json
                    {}                                                                     | bad-event-id
                    {"eventId":7}                                                          | bad-event-id
                    {"eventId":"1-1-1-1-1"}                                                | bad-event-id
                    {"eventId":"#"}                                                       | bad-mall-id
                    {"eventId":"#","mallId":"Mall 1"}                                     | bad-mall-id
                    {"eventId":"#","mallId":"m","memberId":null}                          | bad-member-id
                    {"eventId":"#","mallId":"m","memberId":"#"}                          | bad-signed-up-at
                    {"eventId":"#","mallId":"m","memberId":"#","signedUpAt":"yesterday"} | bad-signed-up-at
                    """)
    void a_field_that_is_missing_or_wrong_is_named_by_the_code(String json, String code) {
        assertThatThrownBy(() -> MemberWire.signedUp(received(json.replace("#", ID))))
                .isInstanceOf(Decoder.Malformed.class)
                .hasMessage(code);
    }
}
