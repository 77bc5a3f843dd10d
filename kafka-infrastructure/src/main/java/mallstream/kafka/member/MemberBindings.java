package mallstream.kafka.member;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import mallstream.kafka.StartRefused;
import mallstream.kafka.Topics;
import mallstream.kafka.consume.Decoder;
import mallstream.kafka.consume.Handler;
import mallstream.kafka.consume.InfrastructureUnavailable;
import mallstream.kafka.consume.Result;
import mallstream.kafka.consume.Subscription;
import mallstream.kafka.consume.Subscription.Batch;
import mallstream.kafka.consume.Subscription.StartPosition;
import mallstream.kafka.consume.Subscriptions;
import mallstream.member.application.port.in.NoticeReaction;
import mallstream.member.application.port.in.Outcome;
import mallstream.member.application.port.in.Reaction;
import mallstream.member.application.port.in.SignUpReaction;
import mallstream.member.model.Unavailable;

/** A subscription for each reaction of the member domain; the reaction's annotation says all that differs. */
final class MemberBindings implements Subscriptions {
    /** What is there comes at once: somebody who signed up waits for the coupon. */
    private static final Batch SIGN_UPS = new Batch(500, Duration.ZERO);
    /** A gateway's call is worth waiting a second for. */
    private static final Batch NOTICES = new Batch(1000, Duration.ofSeconds(1));

    private final List<Subscription<?>> subscriptions = new ArrayList<>();

    /**
     * @param signUps all reactions to sign-ups
     * @param notices all reactions to requested notices
     * @throws StartRefused if one is not annotated, or its name is not well formed
     */
    MemberBindings(List<SignUpReaction> signUps, List<NoticeReaction> notices) {
        signUps.forEach(each -> subscriptions.add(
                bind(each.getClass(), Topics.MEMBER_SIGNED_UP, SIGN_UPS, true, MemberWire::signedUp, each::on)));
        // A notice's call waits for the gateway for most of its time; in the gate it would keep others from the
        // database.
        notices.forEach(each -> subscriptions.add(bind(
                each.getClass(),
                Topics.MEMBER_NOTICE_REQUESTED,
                NOTICES,
                false,
                MemberWire::noticeRequested,
                each::on)));
    }

    @Override
    public List<Subscription<?>> all() {
        return subscriptions;
    }

    private static <E> Subscription<E> bind(
            Class<?> owner,
            String topic,
            Batch batch,
            boolean passesGate,
            Decoder<E> decoder,
            Function<List<E>, List<Outcome>> reaction) {
        Reaction annotation = owner.getAnnotation(Reaction.class);
        if (annotation == null) {
            throw new StartRefused(owner.getName() + " has no @Reaction, so it has no consumer group; add one");
        }
        StartPosition startsAt = switch (annotation.startsAt()) {
            case RETAINED -> StartPosition.RETAINED;
            case NOW -> StartPosition.NOW;
        };
        return new Subscription<>(
                "member",
                annotation.value(),
                topic,
                startsAt,
                batch,
                decoder,
                handler(reaction),
                owner,
                passesGate,
                null,
                null);
    }

    private static <E> Handler<E> handler(Function<List<E>, List<Outcome>> reaction) {
        return events -> {
            try {
                return reaction.apply(events).stream()
                        .map(MemberBindings::result)
                        .toList();
            } catch (Unavailable e) {
                throw new InfrastructureUnavailable(e);
            }
        };
    }

    private static Result result(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done ignored -> new Result.Done();
            case Outcome.AlreadyDone ignored -> new Result.AlreadyDone();
            case Outcome.Refused refused -> new Result.Refused(refused.why());
            case Outcome.TryLater later -> new Result.TryLater(later.after());
        };
    }
}
