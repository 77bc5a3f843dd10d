package mallstream.member.application.port.in;

import java.time.Duration;

/** Finds out what became of calls whose answer was lost. Nothing is sent again before that. */
public interface ResolveNoticeCalls {
    /**
     * Takes on one lost call at the most. May run in several instances.
     *
     * @return 0 where nothing was to be done or the channel cannot be asked now
     * @throws mallstream.member.model.Unavailable if the database failed; the call comes again
     */
    int resolve();

    /**
     * @return calls that wait for a look-up, over all campaigns
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    int lost();

    /**
     * @return how long ago the oldest call began that has not ended, lost or not; zero where there is none
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Duration oldestAge();
}
