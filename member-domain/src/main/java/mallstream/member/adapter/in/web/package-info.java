/** The member domain over HTTP. */
@NullMarked
package mallstream.member.adapter.in.web;

import org.jspecify.annotations.NullMarked;
