package mallstream.order.application.service;

import static java.util.stream.Collectors.toMap;

import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import mallstream.order.application.port.in.OrderLanes;
import mallstream.order.application.port.in.UseCase;
import mallstream.order.application.port.out.LaneChoices;
import mallstream.order.application.port.out.ReadChannelOrder;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.model.Channel;
import mallstream.order.model.Lanes;
import mallstream.order.model.MallId;
import mallstream.order.model.MallLanes;
import mallstream.order.model.OrderNo;
import mallstream.order.model.OrderSettings;

/** Keeps what was chosen at hand, because it is asked for each record. */
@UseCase
class ChoosingLanes implements OrderLanes {
    /** No order's number. With the lane of the mall in its place, each such body would make all of the mall wait for it. */
    private static final String UNNAMED = "?";

    private final Map<Channel, ReadChannelOrder> readers;
    private final LaneChoices choices;
    private final Map<String, MallLanes> settings;
    private final Transactions transactions;
    private final Clock clock;
    private final AtomicReference<Map<String, MallLanes>> known;

    ChoosingLanes(
            List<ReadChannelOrder> readers,
            LaneChoices choices,
            OrderSettings settings,
            Transactions transactions,
            Clock clock) {
        this.readers = readers.stream().collect(toMap(ReadChannelOrder::channel, Function.identity()));
        this.choices = choices;
        this.settings = settings.lanesByMall().entrySet().stream()
                .collect(toMap(
                        mall -> mall.getKey().value(),
                        mall -> new MallLanes(mall.getKey(), mall.getValue(), null, null)));
        this.transactions = transactions;
        this.clock = clock;
        this.known = new AtomicReference<>(this.settings);
    }

    @Override
    public String within(Channel channel, String mallKey, byte[] body) {
        ReadChannelOrder reader = readers.get(channel);
        return reader == null
                ? UNNAMED
                : reader.orderNo(body).map(OrderNo::value).orElse(UNNAMED);
    }

    @Override
    public boolean sideBySide(String mallKey) {
        MallLanes chosen = known.get().get(mallKey);
        return chosen != null && chosen.lanes() == Lanes.ORDER;
    }

    @Override
    public void refresh() {
        Map<String, MallLanes> now = new HashMap<>(settings);
        transactions.inOne(choices::all).forEach(each -> now.put(each.mallId().value(), each));
        known.set(now);
    }

    @Override
    public List<MallLanes> chosen() {
        return known.get().values().stream()
                .sorted(Comparator.comparing(each -> each.mallId().value()))
                .toList();
    }

    @Override
    public void choose(MallId mallId, Lanes lanes, String by) {
        MallLanes choice = new MallLanes(mallId, lanes, by, clock.instant());
        transactions.inOne(() -> {
            choices.put(choice);
            return choice;
        });
        refresh();
    }
}
