/** Orders from a topic into the database, as the platform applies them, beside two others. */
@NullMarked
package mallstream.benchmarks.orders;

import org.jspecify.annotations.NullMarked;
