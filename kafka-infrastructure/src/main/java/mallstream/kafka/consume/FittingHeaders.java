package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Leaves out headers of a source that its dead letter has no room for. */
final class FittingHeaders {
    /** What a batch of one record takes besides key, value and headers, 97 bytes at most, and the note of what is cut. */
    private static final int FRAME = 192;
    /** What a header takes besides name and value. */
    private static final int HEADER = 10;

    private FittingHeaders() {}

    /** Whether some may be left out. */
    static boolean some(RecordHeaders headers) {
        return Stream.of(headers.toArray()).anyMatch(each -> !DeadLetterHeaders.ours(each.key()));
    }

    /**
     * Leaves out those of the source, largest first, until the rest fits or none is left.
     *
     * @param headers all of them
     * @param key the record's key
     * @param value the record's value
     * @param most bytes that the topic takes
     * @return what fits, in its order, with a note of how many were left out
     */
    static RecordHeaders of(RecordHeaders headers, byte @Nullable [] key, byte @Nullable [] value, int most) {
        Header[] all = headers.toArray();
        long size = FRAME + length(key) + length(value);
        for (Header each : all) {
            size += size(each);
        }
        List<Header> largestFirst = Stream.of(all)
                .filter(each -> !DeadLetterHeaders.ours(each.key()))
                .sorted(Comparator.comparingLong(FittingHeaders::size).reversed())
                .toList();
        // By identity, since a header may be there more than once.
        Set<Header> cut = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Header each : largestFirst) {
            if (size > most) {
                cut.add(each);
                size -= size(each);
            }
        }
        if (cut.isEmpty()) {
            return headers;
        }
        RecordHeaders kept = new RecordHeaders();
        Stream.of(all).filter(each -> !cut.contains(each)).forEach(kept::add);
        int before = DeadLetterHeaders.count(headers, DeadLetterHeaders.DROPPED);
        DeadLetterHeaders.put(kept, DeadLetterHeaders.DROPPED, Integer.toString(before + cut.size()));
        return kept;
    }

    private static long size(Header header) {
        return HEADER + header.key().getBytes(UTF_8).length + length(header.value());
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
