package mallstream.order.application.service;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import mallstream.order.application.port.out.CodeMappings;
import mallstream.order.application.port.out.ReadChannelOrder;
import mallstream.order.model.Channel;
import mallstream.order.model.Meaning;
import mallstream.order.model.Report;
import mallstream.order.model.Unreadable;

/** What operators explained, within one transaction: it is looked up only where a reader knew no better. */
final class Explanations {
    private final Map<Channel, ReadChannelOrder> readers;
    private final CodeMappings mappings;
    private final Map<Channel, Map<String, Meaning>> known = new EnumMap<>(Channel.class);

    Explanations(Map<Channel, ReadChannelOrder> readers, CodeMappings mappings) {
        this.readers = readers;
        this.mappings = mappings;
    }

    /** The report, understood if it can be now. */
    Report of(Channel channel, Report report) {
        if (!(report instanceof Unreadable unreadable) || unreadable.lineId() == null) {
            return report;
        }
        Map<String, Meaning> codes = known.computeIfAbsent(channel, mappings::of);
        return requireNonNull(readers.get(channel)).readAgain(unreadable, codes);
    }
}
