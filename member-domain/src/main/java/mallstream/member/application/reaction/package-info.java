/** What happens after an event: one class, one consumer group. */
@NullMarked
package mallstream.member.application.reaction;

import org.jspecify.annotations.NullMarked;
