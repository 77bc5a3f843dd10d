package mallstream.order.adapter.out.naverpay;

import mallstream.order.adapter.out.json.VendorJsons;
import mallstream.order.application.port.out.ReadChannelOrder;

/** The reader, for tests of what goes on with what it read. */
public final class NaverPayReaders {
    private NaverPayReaders() {}

    /** A reader of Naver Pay orders. */
    public static ReadChannelOrder reader() {
        return new NaverPayReader(VendorJsons.vendorJson());
    }
}
