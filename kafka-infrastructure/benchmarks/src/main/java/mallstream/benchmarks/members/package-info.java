/** Members: how long a sign-up takes until its benefits are there, how fast the outbox is relayed, and a notice to all. */
@NullMarked
package mallstream.benchmarks.members;

import org.jspecify.annotations.NullMarked;
