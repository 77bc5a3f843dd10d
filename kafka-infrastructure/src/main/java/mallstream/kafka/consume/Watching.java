package mallstream.kafka.consume;

import java.time.Duration;

/**
 * How often a group is looked at, and when strangers count as gone.
 *
 * @param every between two looks; a stranger is named after this and the time of a look at the latest
 * @param quiet how long no look may have found a stranger before a subscription returns from its shadow group
 */
record Watching(Duration every, Duration quiet) {
    /** A stranger is named within 15 s; one that restarts within the minute makes nobody move to and fro. */
    static final Watching USUAL = new Watching(Duration.ofSeconds(10), Duration.ofMinutes(1));
}
