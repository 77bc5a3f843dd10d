package mallstream.order.adapter.out.json;

import mallstream.order.application.port.out.VendorJson;

/** The product's own, for tests of what reads by it. */
public final class VendorJsons {
    private VendorJsons() {}

    /** Reads JSON as the product does. */
    public static VendorJson vendorJson() {
        return new JacksonVendorJson();
    }
}
