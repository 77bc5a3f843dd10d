/** What the oracles are worth: each is shown a history that breaks it. */
@NullMarked
package mallstream.conformance;

import org.jspecify.annotations.NullMarked;
