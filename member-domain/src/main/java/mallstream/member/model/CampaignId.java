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
        try {
            return new CampaignId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new InvalidValue("campaignId", "must be a UUID");
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
