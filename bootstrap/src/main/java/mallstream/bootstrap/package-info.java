/** The composition root: main class, configuration and security; nothing clever. */
@NullMarked
package mallstream.bootstrap;

import org.jspecify.annotations.NullMarked;
