/** Out-ports for tests: what each promises (contracts), and small ones that live in memory (fakes). */
@NullMarked
package mallstream.member.ports;

import org.jspecify.annotations.NullMarked;
