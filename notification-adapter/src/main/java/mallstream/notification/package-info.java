/** Reaches people and other people's systems: webhooks and the message gateway. */
@NullMarked
package mallstream.notification;

import org.jspecify.annotations.NullMarked;
