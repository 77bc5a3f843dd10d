/** Kafka and PostgreSQL for development and for whole-system tests: nothing of it is in the production jar. */
@NullMarked
package mallstream.bootstrap.infrastructure;

import org.jspecify.annotations.NullMarked;
