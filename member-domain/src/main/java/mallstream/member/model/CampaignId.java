package mallstream.member.model;

import java.util.UUID;

/**
 * A notice campaign.
 *
 * @param value a UUID, version 7 where the platform made it
 */
public record CampaignId(UUID value) {
    /**
     * @param text the 36 characters of a UUID
     * @return the id that the text names
     * @throws InvalidValue if the text is no UUID
     */
    public static CampaignId parse(String text) {
        return new CampaignId(UuidV7.parse("campaignId", text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
