/** Stands in for Naver's commerce interface where the platform runs without it. */
@NullMarked
package standin.naver;

import org.jspecify.annotations.NullMarked;
