package mallstream.member.application.port.in;

import java.time.Duration;

/** Publishes what the outbox holds. */
public interface RelayEvents {
    /**
     * Claims some of the outbox, publishes it and forgets what is safe with the broker. May run in several instances:
     * what one has claimed the others leave alone.
     *
     * @return events published; 0 where there was nothing to do or nothing could be published
     * @throws mallstream.member.model.Unavailable if the database failed; what was claimed comes again
     */
    int relay();

    /**
     * @return how long the oldest event has been waiting; zero where none waits
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Duration oldestAge();
}
