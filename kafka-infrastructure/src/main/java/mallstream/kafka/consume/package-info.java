/** Consumption: subscriptions, their consumer groups, bounds, retries and dead letters. Knows Kafka and bytes, and no domain. */
@NullMarked
package mallstream.kafka.consume;

import org.jspecify.annotations.NullMarked;
