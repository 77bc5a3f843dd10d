package mallstream.order.testing;

import mallstream.order.application.port.out.LaneChoices;
import mallstream.order.application.port.out.LaneChoicesContract;
import mallstream.order.application.port.out.Transactions;

class InMemoryLaneChoicesTest extends LaneChoicesContract {
    private final InMemoryOrders memory = new InMemoryOrders();

    @Override
    protected LaneChoices choices() {
        return memory.laneChoices();
    }

    @Override
    protected Transactions transactions() {
        return memory;
    }
}
