package mallstream.order.testing;

import mallstream.order.application.port.out.Orders;
import mallstream.order.application.port.out.OrdersContract;
import mallstream.order.application.port.out.Transactions;

class InMemoryOrdersTest extends OrdersContract {
    private final InMemoryOrders orders = new InMemoryOrders();

    @Override
    protected Orders orders() {
        return orders;
    }

    @Override
    protected Transactions transactions() {
        return orders;
    }
}
