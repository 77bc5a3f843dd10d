/** What the outside may ask of the member domain. */
@NullMarked
package mallstream.member.application.port.in;

import org.jspecify.annotations.NullMarked;
