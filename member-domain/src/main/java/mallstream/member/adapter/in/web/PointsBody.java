package mallstream.member.adapter.in.web;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import mallstream.member.model.PointLot;

/** A member's points in JSON. */
record PointsBody(long balance, List<LotBody> lots) {
    static PointsBody of(long balance, List<PointLot> lots) {
        return new PointsBody(balance, lots.stream().map(LotBody::of).toList());
    }

    record LotBody(UUID lotId, String source, long granted, long rest, Instant grantedAt, Instant expiresAt) {
        static LotBody of(PointLot lot) {
            return new LotBody(lot.id(), lot.source(), lot.granted(), lot.rest(), lot.grantedAt(), lot.expiresAt());
        }
    }
}
