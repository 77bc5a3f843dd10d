@NullMarked
package mallstream.benchmarks.members;

import org.jspecify.annotations.NullMarked;
