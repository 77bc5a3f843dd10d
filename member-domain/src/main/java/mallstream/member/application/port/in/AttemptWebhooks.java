package mallstream.member.application.port.in;

import java.util.List;
import java.util.UUID;
import mallstream.member.model.MallId;

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
     * @return endpoints that attempts from here have disabled since the last call, because they are gone or keep failing;
     *     1,000 at the most
     */
    List<Disabled> disabled();

    /**
     * Starts no more, waits for the attempts that are under way, and records them. For the end of the platform.
     *
     * @throws mallstream.member.model.Unavailable if the database failed; the deliveries come again
     */
    void finish();

    /**
     * An endpoint that was disabled without being asked for.
     *
     * @param endpointId the endpoint
     * @param mallId its mall
     * @param why {@code gone} or {@code failing}
     */
    record Disabled(UUID endpointId, MallId mallId, String why) {}
}
