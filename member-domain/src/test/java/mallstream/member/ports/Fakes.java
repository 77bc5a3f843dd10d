package mallstream.member.ports;

import java.time.Clock;
import java.util.UUID;
import mallstream.member.application.port.out.CouponPolicies;
import mallstream.member.application.port.out.Coupons;
import mallstream.member.application.port.out.Members;
import mallstream.member.application.port.out.NoticeCalls;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.application.port.out.NoticeTemplates;
import mallstream.member.application.port.out.Outbox;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.Member;

/**
 * The ports in memory. They refuse to be called outside of a transaction. They roll nothing back: what hangs on that is
 * tried with PostgreSQL.
 */
public final class Fakes implements Ports {
    private final FakeTransactions transactions = new FakeTransactions();
    private final FakeMembers members = new FakeMembers(transactions);
    private final FakeCoupons coupons = new FakeCoupons(transactions, members);
    private final FakePointLedger points = new FakePointLedger(transactions, members);
    private final FakeCouponPolicies policies = new FakeCouponPolicies(transactions);
    private final FakeRequestKeys keys = new FakeRequestKeys(transactions);
    private final FakeOutbox outbox;
    private final FakeWebhooks webhooks;
    private final FakeNoticeTemplates templates = new FakeNoticeTemplates(transactions);
    private final FakeNotices notices;

    /** Empty ports whose leases run by the given clock. */
    public Fakes(Clock clock) {
        this.outbox = new FakeOutbox(transactions, clock);
        this.webhooks = new FakeWebhooks(transactions, clock);
        this.notices = new FakeNotices(transactions, members, clock);
    }

    /** As if the endpoint's stored secret had been encrypted with another key. */
    public void loseSecret(UUID endpoint) {
        webhooks.loseSecret(endpoint);
    }

    @Override
    public FakeTransactions transactions() {
        return transactions;
    }

    @Override
    public Members members() {
        return members;
    }

    @Override
    public Coupons coupons() {
        return coupons;
    }

    @Override
    public CouponPolicies policies() {
        return policies;
    }

    @Override
    public PointLedger points() {
        return points;
    }

    @Override
    public RequestKeys keys() {
        return keys;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public WebhookEndpoints endpoints() {
        return webhooks.endpoints();
    }

    @Override
    public WebhookDeliveries deliveries() {
        return webhooks;
    }

    @Override
    public NoticeCampaigns campaigns() {
        return notices;
    }

    @Override
    public NoticeCalls calls() {
        return notices.calls();
    }

    @Override
    public NoticeTemplates templates() {
        return templates;
    }

    @Override
    public void forgetContactData(Member.Key member) {
        members.forgetContactData(member);
    }
}
