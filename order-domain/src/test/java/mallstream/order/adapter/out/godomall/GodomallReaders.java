package mallstream.order.adapter.out.godomall;

import mallstream.order.adapter.out.json.VendorJsons;
import mallstream.order.application.port.out.ReadChannelOrder;

/** The reader, for tests of what goes on with what it read. */
public final class GodomallReaders {
    private GodomallReaders() {}

    /** A reader of Godomall orders. */
    public static ReadChannelOrder reader() {
        return new GodomallReader(VendorJsons.vendorJson());
    }
}
