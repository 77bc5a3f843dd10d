package mallstream.member.model;

/**
 * A campaign asks for its notice to be sent to one member.
 *
 * @param campaignId the campaign
 * @param mallId the mall whose duty the notice is
 * @param memberId who is to be told
 */
public record NoticeRequested(CampaignId campaignId, MallId mallId, MemberId memberId) implements Event {}
