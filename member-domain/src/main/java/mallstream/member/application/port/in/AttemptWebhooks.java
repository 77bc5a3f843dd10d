package mallstream.member.application.port.in;

/** Makes the webhook attempts that are due. */
public interface AttemptWebhooks {
    /**
     * Leases due deliveries, makes one attempt for each and records how it ended. May run side by side, here and in
     * other instances.
     *
     * @return attempts made; 0 where nothing was due
     * @throws mallstream.member.model.Unavailable if the database failed; leased deliveries come again
     */
    int attemptDue();
}
