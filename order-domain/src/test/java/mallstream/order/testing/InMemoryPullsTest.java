package mallstream.order.testing;

import mallstream.order.application.port.out.Pulls;
import mallstream.order.application.port.out.PullsContract;
import mallstream.order.application.port.out.Transactions;

class InMemoryPullsTest extends PullsContract {
    private final InMemoryPulls pulls = new InMemoryPulls();
    private final InMemoryOrders transactions = new InMemoryOrders();

    @Override
    protected Pulls pulls() {
        return pulls;
    }

    @Override
    protected Transactions transactions() {
        return transactions;
    }
}
