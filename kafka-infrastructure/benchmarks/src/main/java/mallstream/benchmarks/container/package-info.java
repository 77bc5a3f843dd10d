/**
 * The consumption of the first version, as it was released: a batch container of spring-kafka. It is kept as a copy so that
 * the engine, which replaced it, can be measured beside it.
 */
@NullMarked
package mallstream.benchmarks.container;

import org.jspecify.annotations.NullMarked;
