package mallstream.member.ports;

import java.time.Clock;
import org.junit.jupiter.api.Nested;

class FakesSitTheContractsTest {
    private static Ports empty() {
        return new Fakes(Clock.systemUTC());
    }

    @Nested
    class Members extends MembersContract {
        Members() {
            super(empty());
        }
    }

    @Nested
    class Coupons extends CouponsContract {
        Coupons() {
            super(empty());
        }
    }

    @Nested
    class CouponPolicies extends CouponPoliciesContract {
        CouponPolicies() {
            super(empty());
        }
    }

    @Nested
    class PointLedger extends PointLedgerContract {
        PointLedger() {
            super(empty());
        }
    }

    @Nested
    class RequestKeys extends RequestKeysContract {
        RequestKeys() {
            super(empty());
        }
    }

    @Nested
    class Outbox extends OutboxContract {
        Outbox() {
            super(empty());
        }
    }

    @Nested
    class WebhookEndpoints extends WebhookEndpointsContract {
        WebhookEndpoints() {
            super(empty());
        }
    }

    @Nested
    class WebhookDeliveries extends WebhookDeliveriesContract {
        WebhookDeliveries() {
            super(empty());
        }
    }

    @Nested
    class NoticeCampaigns extends NoticeCampaignsContract {
        NoticeCampaigns() {
            super(empty());
        }
    }

    @Nested
    class NoticeCalls extends NoticeCallsContract {
        NoticeCalls() {
            super(empty());
        }
    }

    @Nested
    class NoticeTemplates extends NoticeTemplatesContract {
        NoticeTemplates() {
            super(empty());
        }
    }
}
