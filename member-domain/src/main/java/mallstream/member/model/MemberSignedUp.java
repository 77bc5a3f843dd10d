package mallstream.member.model;

import java.time.Instant;
import java.util.UUID;

/**
 * A member signed up. A republished event may carry another {@code eventId}, so reactions key what they do by mall and
 * member, never by the event.
 *
 * @param eventId this publication of the fact
 * @param mallId the mall
 * @param memberId the new member
 * @param signedUpAt when the member was stored
 */
public record MemberSignedUp(UUID eventId, MallId mallId, MemberId memberId, Instant signedUpAt) implements Event {}
