package mallstream.member.application.port.in;

import mallstream.member.model.CampaignId;
import mallstream.member.model.NoticeCampaign.Command;

/** Lets people stop a campaign and let it go on. */
public interface ControlNoticeCampaign {
    /**
     * Follows a command. The same command twice is as good as once. Calls that are under way end in any case.
     *
     * @param id the campaign
     * @param command what to do
     * @return how it ended
     * @throws mallstream.member.model.Unavailable if the database failed; nothing was changed
     */
    Result control(CampaignId id, Command command);

    /** How a command ended. */
    enum Result {
        /** It is as asked for. */
        FOLLOWED,
        /** A campaign that is over cannot follow it; nothing was changed. */
        NOT_ALLOWED,
        /** There is no such campaign. */
        NO_SUCH_CAMPAIGN
    }
}
