/** What the member domain asks of the outside, in its own words. */
@NullMarked
package mallstream.member.application.port.out;

import org.jspecify.annotations.NullMarked;
