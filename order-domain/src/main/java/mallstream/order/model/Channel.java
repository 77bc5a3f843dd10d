package mallstream.order.model;

/** Where a mall's orders come from. */
public enum Channel {
    GODOMALL,
    SHOPBY,
    NAVERPAY
}
