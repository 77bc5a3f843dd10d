/** Implements the domains' ports for publishing. */
@NullMarked
package mallstream.kafka.produce;

import org.jspecify.annotations.NullMarked;
