/** Timers that call in-ports. */
@NullMarked
package mallstream.member.adapter.in.schedule;

import org.jspecify.annotations.NullMarked;
