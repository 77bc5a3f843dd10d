package mallstream.member.ports;

import org.junit.jupiter.api.Nested;

class DatabaseSitsTheContractsIT {

    @Nested
    class Members extends MembersContract {
        Members() {
            super(Database.emptied());
        }
    }

    @Nested
    class Coupons extends CouponsContract {
        Coupons() {
            super(Database.emptied());
        }
    }

    @Nested
    class CouponPolicies extends CouponPoliciesContract {
        CouponPolicies() {
            super(Database.emptied());
        }
    }

    @Nested
    class PointLedger extends PointLedgerContract {
        PointLedger() {
            super(Database.emptied());
        }
    }

    @Nested
    class RequestKeys extends RequestKeysContract {
        RequestKeys() {
            super(Database.emptied());
        }
    }

    @Nested
    class Outbox extends OutboxContract {
        Outbox() {
            super(Database.emptied());
        }
    }

    @Nested
    class WebhookEndpoints extends WebhookEndpointsContract {
        WebhookEndpoints() {
            super(Database.emptied());
        }
    }

    @Nested
    class WebhookDeliveries extends WebhookDeliveriesContract {
        WebhookDeliveries() {
            super(Database.emptied());
        }
    }

    @Nested
    class NoticeCampaigns extends NoticeCampaignsContract {
        NoticeCampaigns() {
            super(Database.emptied());
        }
    }

    @Nested
    class NoticeCalls extends NoticeCallsContract {
        NoticeCalls() {
            super(Database.emptied());
        }
    }

    @Nested
    class NoticeTemplates extends NoticeTemplatesContract {
        NoticeTemplates() {
            super(Database.emptied());
        }
    }
}
