package mallstream.member.application.port.in;

/** Forgets what is no longer needed: idempotency keys after 24 hours, finished webhook deliveries after 30 days. */
public interface PurgeOldRows {
    /**
     * @return rows deleted, at most some thousands a call; 0 where nothing is old enough
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    int purge();
}
