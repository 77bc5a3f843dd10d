package mallstream.member.application.port.in;

/** Publishes the requests of campaigns, page by page. */
public interface PublishNoticeRequests {
    /**
     * Publishes one page of one campaign. May run in several instances: one of them works on a campaign at a time.
     *
     * @return requests published; 0 where no campaign waits or the broker took nothing
     * @throws mallstream.member.model.Unavailable if the database failed; the page comes again
     */
    int publishPage();
}
