/** The only house that knows Kafka. Here: the connection that its rooms share, the topics that the platform owns, settings. */
@NullMarked
package mallstream.kafka;

import org.jspecify.annotations.NullMarked;
