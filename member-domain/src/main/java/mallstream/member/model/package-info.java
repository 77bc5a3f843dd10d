/** What a member, a coupon, a point lot, a webhook and a notice are: values that check themselves and know no framework. */
@NullMarked
package mallstream.member.model;

import org.jspecify.annotations.NullMarked;
