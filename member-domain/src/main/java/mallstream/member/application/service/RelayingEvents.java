package mallstream.member.application.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mallstream.member.application.port.in.RelayEvents;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.Outbox;
import mallstream.member.application.port.out.Outbox.Claimed;
import mallstream.member.application.port.out.PublishEvents;
import mallstream.member.application.port.out.Transactions;

@UseCase
final class RelayingEvents implements RelayEvents {
    private static final int MOST = 1000;

    /** Longer than publishing takes when the broker does not answer; an instance that dies holds its buckets this long. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final Transactions transactions;
    private final Outbox outbox;
    private final PublishEvents events;

    RelayingEvents(Transactions transactions, Outbox outbox, PublishEvents events) {
        this.transactions = transactions;
        this.outbox = outbox;
        this.events = events;
    }

    @Override
    public int relay() {
        List<Claimed> claimed = transactions.inOne(() -> outbox.claim(MOST, LEASE));
        if (claimed.isEmpty()) {
            return 0;
        }
        List<Boolean> safe = events.publish(claimed.stream().map(Claimed::event).toList());
        var published = new ArrayList<Claimed>();
        var failed = new ArrayList<Claimed>();
        for (int i = 0; i < claimed.size(); i++) {
            (safe.get(i) ? published : failed).add(claimed.get(i));
        }
        return transactions.inOne(() -> {
            outbox.settle(published, failed, PAUSE_AFTER_FAILURE);
            return published.size();
        });
    }

    @Override
    public Duration oldestAge() {
        return transactions.inOne(outbox::oldestAge);
    }
}
