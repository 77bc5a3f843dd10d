package mallstream.order.model;

/** What of a mall is applied in order and one after the other. */
public enum Lanes {
    /** All its changes: the default. */
    MALL,
    /** The changes of an order; its orders run side by side. For malls that are too hot for one lane. */
    ORDER
}
