/** The use cases behind the in-ports. */
@NullMarked
package mallstream.member.application.service;

import org.jspecify.annotations.NullMarked;
