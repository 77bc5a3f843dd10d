/** What the benchmarks' own yardsticks are worth. */
@NullMarked
package mallstream.benchmarks;

import org.jspecify.annotations.NullMarked;
