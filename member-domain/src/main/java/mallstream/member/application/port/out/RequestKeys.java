package mallstream.member.application.port.out;

import java.time.Instant;
import java.util.UUID;
import mallstream.member.model.RequestKey;

/** What was created under which idempotency key. Rows hold hashes and an id, and no secret. */
public interface RequestKeys {
    /**
     * Looks a key up and holds it against others until the transaction ends.
     *
     * @param key the key
     * @param since keys of before count no more
     * @return what is known of it
     */
    Known claim(RequestKey key, Instant since);

    /**
     * @param key a key that was claimed in this transaction
     * @param created what was created under it
     * @param now when
     */
    void remember(RequestKey key, UUID created, Instant now);

    /**
     * @param before forget keys of before
     * @param most rows at the most
     * @return rows deleted
     */
    int purge(Instant before, int most);

    /** What is known of a key. */
    sealed interface Known {
        /** It was not used. */
        record Fresh() implements Known {}

        /**
         * It was used for the same body.
         *
         * @param created what was created then
         */
        record Used(UUID created) implements Known {}

        /** It was used for another body. */
        record UsedForAnotherBody() implements Known {}

        /** Another transaction holds it. */
        record Held() implements Known {}
    }
}
