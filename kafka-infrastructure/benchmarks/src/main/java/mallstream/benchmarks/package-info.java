/** Programs that measure the engine and what it is compared with. They are run by hand; nothing here is part of the product. */
@NullMarked
package mallstream.benchmarks;

import org.jspecify.annotations.NullMarked;
