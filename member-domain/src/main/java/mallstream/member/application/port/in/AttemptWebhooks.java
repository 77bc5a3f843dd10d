package mallstream.member.application.port.in;

/** Makes the webhook attempts that are due. */
public interface AttemptWebhooks {
    /**
     * Starts an attempt for each due delivery that there is room for, and records those that have ended since. It waits for
     * no receiver. May run side by side, here and in other instances.
     *
     * @return attempts started and attempts recorded; 0 where there was nothing to do
     * @throws mallstream.member.model.Unavailable if the database failed; leased deliveries come again
     */
    int attemptDue();

    /**
     * Gives up deliveries that wait for endpoints that were disabled, a bounded number of them.
     *
     * @return how many; 0 where there was nothing to do
     * @throws mallstream.member.model.Unavailable if the database failed; they are given up the next time
     */
    int giveUpDisabled();

    /**
     * Starts no more, waits for the attempts that are under way, and records them. For the end of the platform.
     *
     * @throws mallstream.member.model.Unavailable if the database failed; the deliveries come again
     */
    void finish();
}
