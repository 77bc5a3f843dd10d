package mallstream.order.application.port.out;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mallstream.order.model.Channel;
import mallstream.order.model.Meaning;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Purchase;
import mallstream.order.model.Report;
import mallstream.order.model.Unreadable;

/** Understands the orders of one channel. */
public interface ReadChannelOrder {
    /** The channel whose shape this reader knows. */
    Channel channel();

    /** The codes that this reader knows by itself. */
    Set<String> codes();

    /**
     * Reads a vendor's order. No content makes it throw: what is not understood is part of the answer.
     *
     * @param body the vendor's JSON as it came
     * @param recordedAt time stamp of the record, the change time of channels that have none of their own
     * @return what it says
     */
    Reading read(byte[] body, Instant recordedAt);

    /**
     * Finds an order's number without reading the rest.
     *
     * @param body the vendor's JSON as it came
     * @return the number; empty if there is none that is one
     */
    Optional<OrderNo> orderNo(byte[] body);

    /**
     * Reads again what was not understood. A field whose value could not be kept is not taken for one that was left out.
     *
     * @param unreadable as {@link #read} gave it
     * @param codes what operators said of codes that the reader does not know
     * @return what it says; the same again if it is still not understood
     */
    Report readAgain(Unreadable unreadable, Map<String, Meaning> codes);

    /** What a vendor's order says. */
    sealed interface Reading {
        /**
         * It is an order.
         *
         * @param orderNo its number
         * @param naverPay whether it is a Naver Pay order that the channel lists beside its own
         * @param purchase the order as a whole
         * @param reports what it says of its lines, at least one
         */
        record Read(OrderNo orderNo, boolean naverPay, Purchase purchase, List<Report> reports) implements Reading {}

        /** It is not JSON. */
        record NotJson() implements Reading {}

        /** It names no order. */
        record NoOrderNumber() implements Reading {}
    }
}
