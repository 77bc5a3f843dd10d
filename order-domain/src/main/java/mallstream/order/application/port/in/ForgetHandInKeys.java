package mallstream.order.application.port.in;

/** Forgets the idempotency keys of orders whose 24 hours are over. */
public interface ForgetHandInKeys {
    /**
     * Forgets them all.
     *
     * @return how many
     * @throws mallstream.order.model.Unavailable if the database could not be reached
     */
    int forgetExpired();
}
