/** Others that consume a topic, each set up as its own documents advise for many records at the same time. */
@NullMarked
package mallstream.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
