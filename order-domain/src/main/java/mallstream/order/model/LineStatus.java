package mallstream.order.model;

/** How far a line is: the fulfilment axis. Claims are an axis of their own, see {@link Claim}. */
public enum LineStatus {
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
    CONFIRMED(60),
    /** Called off. */
    CANCELED(100),
    /** Sent back and refunded. */
    RETURNED(100),
    /** Sent back for another line. */
    EXCHANGED(100),
    /** Given up before it was paid. */
    ABORTED(100);

    private final int rank;

    LineStatus(int rank) {
        this.rank = rank;
    }

    /** How far along it is: 10 to 60 for the live ones, 100 for each end. */
    public int rank() {
        return rank;
    }

    /** Whether nothing follows it. */
    public boolean isEnd() {
        return rank == 100;
    }
}
