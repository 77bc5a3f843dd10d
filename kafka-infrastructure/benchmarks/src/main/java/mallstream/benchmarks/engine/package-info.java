/** The engine, put together as the application does it. */
@NullMarked
package mallstream.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
