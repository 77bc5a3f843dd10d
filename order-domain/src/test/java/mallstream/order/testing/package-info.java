/** What the tests of the order domain share: sample files, a real database, fakes of the out-ports. */
@NullMarked
package mallstream.order.testing;

import org.jspecify.annotations.NullMarked;
