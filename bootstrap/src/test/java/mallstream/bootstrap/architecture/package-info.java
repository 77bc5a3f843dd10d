/** The rules of the house, checked on every build, and the proof that each of them bites. */
@NullMarked
package mallstream.bootstrap.architecture;

import org.jspecify.annotations.NullMarked;
