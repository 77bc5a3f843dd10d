/** Bindings of the order domain: topic to in-port. */
@NullMarked
package mallstream.kafka.order;

import org.jspecify.annotations.NullMarked;
