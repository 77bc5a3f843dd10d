package mallstream.member.model;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The yearly notice of one mall, or of all malls, to everybody who was a member when it was made.
 *
 * @param id the campaign
 * @param mallId the mall, or {@code null} for all
 * @param year the year that the notice is for, 2000 to 2999
 * @param channel how people are reached
 * @param template code of the text, the gateway's or ours, 1 to 50 of letters, digits, {@code _ . -}
 * @param templateVersion version of the text, 1 or more
 * @param createdAt when it was made; later members are left out
 * @param state how it stands
 */
public record NoticeCampaign(
        CampaignId id,
        @Nullable MallId mallId,
        int year,
        NoticeChannel channel,
        String template,
        int templateVersion,
        Instant createdAt,
        State state) {
    private static final Pattern TEMPLATE = Pattern.compile("[A-Za-z0-9_.-]{1,50}");

    /** @throws InvalidValue if a value has another form */
    public NoticeCampaign {
        if (year < 2000 || year > 2999) {
            throw new InvalidValue("year", "must be 2000 to 2999");
        }
        checkTemplate(template);
        if (templateVersion < 1) {
            throw new InvalidValue("templateVersion", "must be 1 or more");
        }
    }

    /** @throws InvalidValue if it is no code of a template */
    static void checkTemplate(String template) {
        if (!TEMPLATE.matcher(template).matches()) {
            throw new InvalidValue("template", "must match " + TEMPLATE);
        }
    }

    /** How people are reached. */
    public enum NoticeChannel {
        /** A message gateway of the Alimtalk kind. */
        ALIMTALK,
        /** Mail, with a text of ours. */
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

    /** How a campaign stands. */
    public enum State {
        /** Its members are being written down; nothing is sent yet. */
        PREPARING,
        /** It is sent. */
        SENDING,
        /** Somebody stopped it; calls that were under way end. */
        PAUSED,
        /** Everybody has a result. */
        DONE,
        /** Somebody ended it; who is ready stays so for ever. */
        CANCELLED;

        /**
         * @param command what somebody asks for
         * @return whether a campaign that stands like this can follow it, or has followed it
         */
        public boolean allows(Command command) {
            return switch (this) {
                case PREPARING, SENDING, PAUSED -> true;
                case DONE -> false;
                case CANCELLED -> command == Command.CANCEL;
            };
        }

        /** Whether nothing will be sent any more. */
        public boolean isOver() {
            return this == DONE || this == CANCELLED;
        }
    }

    /** What people ask of a campaign. */
    public enum Command {
        /** Begin no more calls. */
        PAUSE,
        /** Go on. */
        RESUME,
        /** Begin no more calls, ever. */
        CANCEL
    }

    /**
     * How far a campaign is.
     *
     * @param total members that it is for, those who are excluded too; {@code null} until they were written down
     * @param published requests that are in the topic
     * @param counts members by how it stands with them
     */
    public record Progress(@Nullable Long total, long published, Counts counts) {}

    /**
     * Members of a campaign by how it stands with them. Each is counted once.
     *
     * @param ready not begun
     * @param sending in a call
     * @param accepted taken by the channel, which is not yet delivered
     * @param rejected turned down for good
     * @param unknown sent, and no answer came
     * @param refused excluded, for they want no notices
     * @param noContactData excluded, for they cannot be reached by the channel
     * @param withdrawn excluded, for they left before it was their turn
     */
    public record Counts(
            long ready,
            long sending,
            long accepted,
            long rejected,
            long unknown,
            long refused,
            long noContactData,
            long withdrawn) {
        /** Nobody. */
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

        /** Members with a result. */
        public long finished() {
            return accepted + rejected + unknown;
        }

        /** Members who may still get one. */
        public long left() {
            return ready + sending;
        }
    }

    /** Why a member of a campaign is left out. */
    public enum Exclusion {
        /** Wants no notices. */
        REFUSED,
        /** Cannot be reached by the channel. */
        NO_CONTACT_DATA,
        /** Left after the members were written down. */
        WITHDRAWN;

        /** As it is stored and shown: lower-case words joined by {@code -}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /**
         * @param code as it is stored
         * @return the reason; empty if the code is none
         */
        public static Optional<Exclusion> of(@Nullable String code) {
            for (Exclusion exclusion : values()) {
                if (exclusion.code().equals(code)) {
                    return Optional.of(exclusion);
                }
            }
            return Optional.empty();
        }
    }
}
