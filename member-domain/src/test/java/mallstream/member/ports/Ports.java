package mallstream.member.ports;

import mallstream.member.application.port.out.CouponPolicies;
import mallstream.member.application.port.out.Coupons;
import mallstream.member.application.port.out.Members;
import mallstream.member.application.port.out.NoticeCalls;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.application.port.out.NoticeTemplates;
import mallstream.member.application.port.out.Outbox;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.Member;

/** All ports behind which rows are kept, of one kind: in memory or in PostgreSQL. */
public interface Ports {
    /** Where every other port is called. */
    Transactions transactions();

    /** Members. */
    Members members();

    /** Coupons. */
    Coupons coupons();

    /** Coupon policies of malls. */
    CouponPolicies policies();

    /** Points. */
    PointLedger points();

    /** Idempotency keys. */
    RequestKeys keys();

    /** Events that wait. */
    Outbox outbox();

    /** Webhook endpoints. */
    WebhookEndpoints endpoints();

    /** Webhook deliveries. */
    WebhookDeliveries deliveries();

    /** Notice campaigns. */
    NoticeCampaigns campaigns();

    /** Calls that send notices. */
    NoticeCalls calls();

    /** Texts of notices. */
    NoticeTemplates templates();

    /** As if a member had come from elsewhere without phone and mail address. */
    void forgetContactData(Member.Key member);

    /** Runs work that gives nothing in one transaction. */
    default void run(Runnable work) {
        transactions().inOne(() -> {
            work.run();
            return true;
        });
    }
}
