/** Stands in for the message gateway where the platform runs without it. */
@NullMarked
package standin.gateway;

import org.jspecify.annotations.NullMarked;
