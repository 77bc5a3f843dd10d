package mallstream.order.application.port.out;

import java.time.Instant;
import java.util.List;
import mallstream.order.model.Channel;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Report;

/** Understands the orders of one channel. */
public interface ReadChannelOrder {
    /** The channel whose shape this reader knows. */
    Channel channel();

    /**
     * Reads a vendor's order. No content makes it throw: what is not understood is part of the answer.
     *
     * @param body the vendor's JSON as it came
     * @param recordedAt time stamp of the record, the change time of channels that have none of their own
     * @return what it says
     */
    Reading read(byte[] body, Instant recordedAt);

    /** What a vendor's order says. */
    sealed interface Reading {
        /**
         * It is an order.
         *
         * @param orderNo its number
         * @param reports what it says of its lines, at least one
         */
        record Read(OrderNo orderNo, List<Report> reports) implements Reading {}

        /** It is not JSON. */
        record NotJson() implements Reading {}

        /** It names no order. */
        record NoOrderNumber() implements Reading {}
    }
}
