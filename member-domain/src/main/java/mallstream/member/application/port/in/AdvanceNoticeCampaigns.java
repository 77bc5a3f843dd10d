package mallstream.member.application.port.in;

/** Takes campaigns on: writes their members down, publishes their requests page by page, and ends them. */
public interface AdvanceNoticeCampaigns {
    /**
     * Makes one step of one campaign. May run in several instances: one of them works on a campaign at a time.
     *
     * @return 0 where nothing was to be done or the broker took nothing
     * @throws mallstream.member.model.Unavailable if the database failed; the step comes again
     */
    int advance();
}
