/** The incidents as programs: each runs the code that failed beside the engine. docs/incidents.md tells them. */
@NullMarked
package mallstream.benchmarks.incidents;

import org.jspecify.annotations.NullMarked;
