package mallstream.order.application.service;

import java.util.List;
import mallstream.order.application.port.in.ReadOrder;
import mallstream.order.application.port.in.UseCase;
import mallstream.order.application.port.out.Orders;
import mallstream.order.application.port.out.Orders.WithHistory;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.model.Channel;
import mallstream.order.model.MallId;
import mallstream.order.model.OrderNo;
import org.jspecify.annotations.Nullable;

@UseCase
class ReadingOrders implements ReadOrder {
    private final Orders orders;
    private final Transactions transactions;

    ReadingOrders(Orders orders, Transactions transactions) {
        this.orders = orders;
        this.transactions = transactions;
    }

    @Override
    public Found read(MallId mallId, OrderNo orderNo, @Nullable Channel channel) {
        List<WithHistory> found = transactions.inOne(() -> orders.find(mallId, orderNo)).stream()
                .filter(each -> channel == null || each.order().id().channel() == channel)
                .toList();
        return switch (found.size()) {
            case 0 -> new Found.None();
            case 1 -> new Found.One(found.getFirst().order(), found.getFirst().history());
            default ->
                new Found.Several(
                        found.stream().map(each -> each.order().id().channel()).toList());
        };
    }
}
