package mallstream.member.application.reaction;

import static mallstream.member.application.port.in.Reaction.StartsAt.NOW;

import java.util.Collections;
import java.util.List;
import mallstream.member.application.port.in.Outcome;
import mallstream.member.application.port.in.Reaction;
import mallstream.member.application.port.in.SignUpReaction;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.model.MemberSignedUp;

/**
 * Tells the mall's webhook endpoints of a new member. It only adds rows: every attempt runs from the table of due
 * deliveries, so a dead endpoint never holds the consumer group.
 */
@Reaction(value = "webhook", startsAt = NOW)
final class WebhookReaction implements SignUpReaction {
    private final Transactions transactions;
    private final WebhookDeliveries deliveries;

    WebhookReaction(Transactions transactions, WebhookDeliveries deliveries) {
        this.transactions = transactions;
        this.deliveries = deliveries;
    }

    @Override
    public List<Outcome> on(List<MemberSignedUp> signUps) {
        transactions.inOne(() -> deliveries.add(signUps));
        return Collections.nCopies(signUps.size(), new Outcome.Done());
    }
}
