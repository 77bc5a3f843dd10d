/** The libraries that the conformance kit tries, each set up as its own documentation shows it. */
@NullMarked
package mallstream.benchmarks.conformance;

import org.jspecify.annotations.NullMarked;
