/** The whole platform seen from outside, in this JVM or as processes of the production jar. */
@NullMarked
package mallstream.bootstrap.system;

import org.jspecify.annotations.NullMarked;
