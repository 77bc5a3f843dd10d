package mallstream.member.application.port.in;

import java.util.List;
import mallstream.member.model.Coupon;
import mallstream.member.model.Member;
import mallstream.member.model.PointLot;
import mallstream.member.model.WebhookDelivery;

/** Shows a member and what it has. */
public interface ReadMember {
    /**
     * @param key the member in its mall
     * @return the member
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Found<View> read(Member.Key key);

    /**
     * @param member the member
     * @param coupons all of them, oldest first
     * @param lots all of them, oldest first
     * @param balance what of the lots counts now, whole won
     * @param webhooks deliveries about the member, oldest first
     */
    record View(
            Member member, List<Coupon> coupons, List<PointLot> lots, long balance, List<WebhookDelivery> webhooks) {}
}
