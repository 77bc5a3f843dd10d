package mallstream.order.model;

import java.util.List;
import java.util.stream.Stream;

/** How far a line is: the fulfilment axis. Claims are an axis of their own, see {@link Claim}. */
public sealed interface LineStatus {
    /** Its name, as outsiders see it. */
    String name();

    /** All of them, in the order of the table. */
    static List<LineStatus> all() {
        return Stream.<LineStatus>concat(Stream.of(Live.values()), Stream.of(End.values()))
                .toList();
    }

    /**
     * The status of that name.
     *
     * @param name as {@link #name}
     * @return the status
     * @throws InvalidValue if there is none
     */
    static LineStatus of(String name) {
        return all().stream()
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidValue("status", "must be one of " + all()));
    }

    /** Something may follow it. */
    enum Live implements LineStatus {
        /** Ordered, not paid yet. */
        CREATED(10),
        /** Paid; the mall has not taken it up yet. */
        PAID(20),
        /** The mall gets it ready. */
        PREPARING(30),
        /** With the carrier. */
        SHIPPING(40),
        /** With the buyer. */
        DELIVERED(50),
        /** The buyer confirmed the purchase. */
        CONFIRMED(60);

        private final int rank;

        Live(int rank) {
            this.rank = rank;
        }

        /** How far along it is, 10 to 60. */
        public int rank() {
            return rank;
        }
    }

    /** Nothing follows it. An order without a live line has the first of these that is present. */
    enum End implements LineStatus {
        /** Sent back and refunded. */
        RETURNED,
        /** Sent back for another line. */
        EXCHANGED,
        /** Called off. */
        CANCELED,
        /** Given up before it was paid. */
        ABORTED
    }
}
