package mallstream.order.application.port.out;

import java.util.Optional;
import mallstream.order.model.OrderNo;

/** JSON as vendors send it, read in one way for the readers of all channels. */
public interface VendorJson {
    /**
     * Reads a body whole.
     *
     * @param body as it came
     * @return its fields, none where it is JSON and no object; empty if it is no JSON
     */
    Optional<VendorFields> read(byte[] body);

    /**
     * Finds an order's number and reads no further: for the poll thread, which has no time for the rest.
     *
     * @param body as it came
     * @param field the field on the first level that holds it
     * @return the number; empty if there is none that is one
     */
    Optional<OrderNo> orderNo(byte[] body, String field);
}
