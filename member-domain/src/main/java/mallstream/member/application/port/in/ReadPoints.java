package mallstream.member.application.port.in;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import mallstream.member.model.Member;
import mallstream.member.model.PointLot;
import org.jspecify.annotations.Nullable;

/** Shows a member's points. */
public interface ReadPoints {
    /** The most entries of one page. */
    int MOST = 200;

    /**
     * @param member whose
     * @return balance and lots
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Found<Points> points(Member.Key member);

    /**
     * @param member whose
     * @param before the last sequence of the page before; {@code null} for the first page
     * @param most size of the page, 1 to {@link #MOST}
     * @return one page of the ledger, newest first
     * @throws mallstream.member.model.InvalidValue if the size is out of its range
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Found<Page> ledger(Member.Key member, @Nullable Long before, int most);

    /**
     * @param balance what of the lots counts now, whole won
     * @param lots all of them, oldest first
     */
    record Points(long balance, List<PointLot> lots) {}

    /**
     * @param entries newest first
     * @param next the {@code before} of the next page; {@code null} at the end
     */
    record Page(List<Line> entries, @Nullable Long next) {}

    /**
     * @param sequence grows with each entry
     * @param kind of the change
     * @param lotId the lot that changed
     * @param points what was added to the lot, whole won; below 0 where it was taken away
     * @param useId the use that it belongs to; {@code null} where there is none
     * @param restorationId the restoration that it belongs to; {@code null} where there is none
     * @param at when
     */
    record Line(
            long sequence,
            Kind kind,
            UUID lotId,
            long points,
            @Nullable UUID useId,
            @Nullable UUID restorationId,
            Instant at) {}

    /** Of a change. */
    enum Kind {
        /** A lot began. */
        GRANT,
        /** Points were paid with. */
        USE,
        /** Their time was over. */
        EXPIRE,
        /** They were taken back. */
        REVOKE,
        /** What was used came back. */
        RESTORE
    }
}
