/** What the incidents' programs count with. */
@NullMarked
package mallstream.benchmarks.incidents;

import org.jspecify.annotations.NullMarked;
