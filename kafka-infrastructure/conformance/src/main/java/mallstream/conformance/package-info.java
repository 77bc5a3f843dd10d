/**
 * Scenarios that a consumer of a topic must live through, and oracles that say whether it did. They know the library under
 * test by {@link mallstream.conformance.Subject} alone, and what it does by its handler's calls, by its Kafka client, which
 * {@link mallstream.conformance.Tap} watches, and by what the broker says. One scenario is one
 * {@link mallstream.conformance.Run}; it leaves a history, and {@link mallstream.conformance.Judge} reads that.
 */
@NullMarked
package mallstream.conformance;

import org.jspecify.annotations.NullMarked;
