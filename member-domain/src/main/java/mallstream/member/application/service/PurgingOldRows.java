package mallstream.member.application.service;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import mallstream.member.application.port.in.PurgeOldRows;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookDeliveries;

@UseCase
final class PurgingOldRows implements PurgeOldRows {
    private static final Duration DELIVERIES_KEPT = Duration.ofDays(30);
    private static final int MOST = 1000;

    private final Transactions transactions;
    private final RequestKeys keys;
    private final WebhookDeliveries deliveries;
    private final Clock clock;

    PurgingOldRows(Transactions transactions, RequestKeys keys, WebhookDeliveries deliveries, Clock clock) {
        this.transactions = transactions;
        this.keys = keys;
        this.deliveries = deliveries;
        this.clock = clock;
    }

    @Override
    public int purge() {
        Instant now = clock.instant();
        return transactions.inOne(() -> keys.purge(now.minus(Once.KEPT), MOST))
                + transactions.inOne(() -> deliveries.purge(now.minus(DELIVERIES_KEPT), MOST));
    }
}
