/** Members: how long a sign-up takes until its benefits are there, and how fast the outbox is relayed. */
@NullMarked
package mallstream.benchmarks.members;

import org.jspecify.annotations.NullMarked;
