package mallstream.order.testing;

import mallstream.order.application.port.out.HandInKeys;
import mallstream.order.application.port.out.HandInKeysContract;
import mallstream.order.application.port.out.Transactions;

class InMemoryHandInKeysTest extends HandInKeysContract {
    private final InMemoryHandInKeys keys = new InMemoryHandInKeys();
    private final InMemoryOrders transactions = new InMemoryOrders();

    @Override
    protected HandInKeys keys() {
        return keys;
    }

    @Override
    protected Transactions transactions() {
        return transactions;
    }
}
