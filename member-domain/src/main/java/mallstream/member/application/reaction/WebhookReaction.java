package mallstream.member.application.reaction;

import static mallstream.member.application.port.in.Reaction.StartsAt.NOW;

import java.util.List;
import java.util.Set;
import mallstream.member.application.port.in.Outcome;
import mallstream.member.application.port.in.Reaction;
import mallstream.member.application.port.in.SignUpReaction;
import mallstream.member.application.port.out.Members;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.model.Member;
import mallstream.member.model.MemberSignedUp;

/**
 * Tells the mall's webhook endpoints of a new member. It only adds rows: every attempt runs from the table of due
 * deliveries, so a dead endpoint never holds the consumer group. Of somebody who has left since, nobody is told.
 */
@Reaction(value = "webhook", startsAt = NOW)
final class WebhookReaction implements SignUpReaction {
    private final Transactions transactions;
    private final Members members;
    private final WebhookDeliveries deliveries;

    WebhookReaction(Transactions transactions, Members members, WebhookDeliveries deliveries) {
        this.transactions = transactions;
        this.members = members;
        this.deliveries = deliveries;
    }

    @Override
    public List<Outcome> on(List<MemberSignedUp> signUps) {
        Set<Member.Key> withdrawn = transactions.inOne(() -> {
            Set<Member.Key> gone =
                    members.withdrawnAmong(signUps.stream().map(Granted::keyOf).toList());
            deliveries.add(signUps.stream()
                    .filter(signUp -> !gone.contains(Granted.keyOf(signUp)))
                    .toList());
            return gone;
        });
        return signUps.stream()
                .<Outcome>map(signUp ->
                        withdrawn.contains(Granted.keyOf(signUp)) ? new Outcome.AlreadyDone() : new Outcome.Done())
                .toList();
    }
}
