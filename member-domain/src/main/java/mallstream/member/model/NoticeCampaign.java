package mallstream.member.model;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The yearly notice of one mall, or of all malls, to everybody who was a member when it was made.
 *
 * @param id the campaign
 * @param mallId the mall, or {@code null} for all
 * @param year the year that the notice is for, 2000 to 2999
 * @param channel how people are reached
 * @param template the gateway's template code, 1 to 50 of letters, digits, {@code _ . -}
 * @param createdAt when it was made; later members are left out
 */
public record NoticeCampaign(
        CampaignId id, @Nullable MallId mallId, int year, NoticeChannel channel, String template, Instant createdAt) {
    private static final Pattern TEMPLATE = Pattern.compile("[A-Za-z0-9_.-]{1,50}");

    /** @throws InvalidValue if a value has another form */
    public NoticeCampaign {
        if (year < 2000 || year > 2999) {
            throw new InvalidValue("year", "must be 2000 to 2999");
        }
        if (!TEMPLATE.matcher(template).matches()) {
            throw new InvalidValue("template", "must match " + TEMPLATE);
        }
    }

    /** How people are reached. */
    public enum NoticeChannel {
        /** A message gateway of the Alimtalk kind. */
        ALIMTALK,
        /** Mail, a message per person. */
        MAIL;

        /**
         * @param text as outsiders write it, for instance {@code alimtalk}
         * @return the channel
         * @throws InvalidValue if there is no such channel
         */
        public static NoticeChannel parse(String text) {
            for (NoticeChannel channel : values()) {
                if (channel.name().equalsIgnoreCase(text)) {
                    return channel;
                }
            }
            throw new InvalidValue("channel", "must be alimtalk or mail");
        }
    }

    /**
     * How far a campaign is.
     *
     * @param total members that it is for; {@code null} until they were counted
     * @param published requests that are in the topic
     * @param accepted taken by the gateway, which is not yet delivered
     * @param rejected turned down by the gateway, or without a member to reach
     * @param unknown sent, and no answer came
     */
    public record Progress(@Nullable Long total, long published, long accepted, long rejected, long unknown) {
        /** Requests that are finished. */
        public long finished() {
            return accepted + rejected + unknown;
        }
    }
}
