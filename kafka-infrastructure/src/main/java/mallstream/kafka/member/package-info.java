/** Bindings of the member domain: topic to in-port. */
@NullMarked
package mallstream.kafka.member;

import org.jspecify.annotations.NullMarked;
