package mallstream.order.application.service;

import static java.util.stream.Collectors.toMap;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import mallstream.order.application.port.in.ParkedChanges;
import mallstream.order.application.port.in.UseCase;
import mallstream.order.application.port.out.CodeMappings;
import mallstream.order.application.port.out.Orders;
import mallstream.order.application.port.out.ReadChannelOrder;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.model.Change;
import mallstream.order.model.Channel;
import mallstream.order.model.CodeMapping;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.Meaning;
import mallstream.order.model.OrderId;
import mallstream.order.model.ParkedChange;
import mallstream.order.model.Purchase;
import mallstream.order.model.Report;
import mallstream.order.model.Unreadable;
import mallstream.order.model.WhichParked;

/** Releases page by page, each in a transaction of its own, so that a million parked changes hold nobody up. */
@UseCase
class ReleasingParked implements ParkedChanges {
    private static final int PAGE = 500;

    private final Map<Channel, ReadChannelOrder> readers;
    private final Orders orders;
    private final CodeMappings mappings;
    private final Transactions transactions;
    private final Clock clock;

    ReleasingParked(
            List<ReadChannelOrder> readers,
            Orders orders,
            CodeMappings mappings,
            Transactions transactions,
            Clock clock) {
        this.readers = readers.stream().collect(toMap(ReadChannelOrder::channel, Function.identity()));
        this.orders = orders;
        this.mappings = mappings;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public List<ParkedChange> list(WhichParked which, long after, int size) {
        return transactions.inOne(() -> orders.parked(which, after, size));
    }

    @Override
    public Released release(WhichParked which) {
        Released sum = new Released(0, 0, 0);
        long after = 0;
        List<ParkedChange> page = list(which, after, PAGE);
        while (!page.isEmpty()) {
            List<ParkedChange> these = page;
            Released some = transactions.inOne(() -> release(which, these));
            sum = new Released(
                    sum.applied() + some.applied(), sum.ignored() + some.ignored(), sum.parked() + some.parked());
            after = page.getLast().number();
            page = list(which, after, PAGE);
        }
        return sum;
    }

    private Released release(WhichParked which, List<ParkedChange> page) {
        Map<OrderId, Purchase> wanted = new TreeMap<>();
        page.forEach(parked -> wanted.put(parked.entry().order(), Purchase.UNKNOWN));
        Set<Long> numbers = page.stream().map(ParkedChange::number).collect(Collectors.toSet());
        Orders.Locked locked = orders.lock(wanted);
        Changing changing = new Changing(locked, clock.instant());
        Explanations explanations = new Explanations(readers, mappings);
        // Looked at again now that nobody else can release them: the page's only, for one order can have any number.
        long first = page.getFirst().number();
        long last = page.getLast().number();
        List<HistoryEntry> waiting = locked.parked(which, first, last).stream()
                .filter(parked -> numbers.contains(parked.number()))
                .map(ParkedChange::entry)
                .toList();
        for (HistoryEntry entry : waiting) {
            if (report(explanations, entry) instanceof Change change) {
                changing.release(entry, change);
            }
        }
        changing.save();
        // Counted at the end: a line that begins takes claims with it that came before it.
        int applied = 0;
        int ignored = 0;
        int still = 0;
        for (HistoryEntry entry : waiting) {
            switch (changing.now(entry).kind()) {
                case APPLIED -> applied++;
                case IGNORED -> ignored++;
                case PARKED -> still++;
            }
        }
        return new Released(applied, ignored, still);
    }

    private static Report report(Explanations explanations, HistoryEntry entry) {
        Report unread = new Unreadable(entry.lineId(), entry.sourceTime(), String.valueOf(entry.reason()), entry.raw());
        return entry.change()
                .<Report>map(change -> change)
                .orElseGet(() -> explanations.of(entry.order().channel(), unread));
    }

    @Override
    public void explain(Channel channel, String code, Meaning means, String by) {
        ReadChannelOrder reader = readers.get(channel);
        if (reader != null && reader.codes().contains(code)) {
            throw new InvalidValue("code", "is known already and cannot be given another meaning");
        }
        CodeMapping mapping = new CodeMapping(channel, code, means, by, clock.instant());
        transactions.inOne(() -> {
            mappings.put(mapping);
            return mapping;
        });
    }

    @Override
    public List<CodeMapping> explained() {
        return transactions.inOne(mappings::all);
    }
}
