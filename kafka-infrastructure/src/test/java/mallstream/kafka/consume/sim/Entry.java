package mallstream.kafka.consume.sim;

import mallstream.kafka.consume.core.Source;
import org.jspecify.annotations.Nullable;

/** A record in the topic, and the truth about it. */
final class Entry {
    final Source source;
    /** Its place among the records of its partition. */
    final int index;

    final long offset;
    final @Nullable String key;
    /** What it belongs to within its key, where the key is split. */
    final String part;

    final int bytes;
    final Fate fate;
    /** How many calls it spoils. */
    private final int times;

    private int spoiled;
    boolean handled;
    boolean buried;
    /** Compacted away. */
    boolean gone;
    /** An operator wanted to go on behind it. */
    boolean skipped;

    Entry(Source source, int index, long offset, @Nullable String key, String part, int bytes, Fate fate, int times) {
        this.source = source;
        this.index = index;
        this.offset = offset;
        this.key = key;
        this.part = part;
        this.bytes = bytes;
        this.fate = fate;
        this.times = times;
    }

    /** Whether it does again what its fate says. */
    boolean spoils() {
        return spoiled < times;
    }

    void spoil() {
        spoiled++;
    }

    /** Whether nothing is lost when it never comes again. */
    boolean safe() {
        return handled || buried || gone || skipped;
    }

    @Override
    public String toString() {
        return (source.topic().equals(Script.REPLAY) ? "r" : "") + source.partition() + "/" + offset;
    }
}
