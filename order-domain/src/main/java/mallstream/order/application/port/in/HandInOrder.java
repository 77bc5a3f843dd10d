package mallstream.order.application.port.in;

import java.util.regex.Pattern;
import mallstream.order.model.Channel;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.MallId;
import org.jspecify.annotations.Nullable;

/** Takes an order from a caller and hands it to its channel's stream, where it is applied like any other. */
public interface HandInOrder {
    /**
     * Returns once the order is safe in the stream. A key is kept for 24 hours from then on. It cannot be stored in one
     * step with the stream, so two calls with one key at the same time, or a failure right after the stream took the
     * order, may hand it over twice. The second is a report like any other: it changes nothing, unless another report of
     * the order came between the two.
     *
     * @param channel {@code GODOMALL} or {@code SHOPBY}
     * @param mallId the mall
     * @param body the vendor's JSON object as it came, UTF-8
     * @param key the caller's key for repeating the call, or {@code null}
     * @return what became of it
     * @throws mallstream.order.model.Unavailable if the stream did not confirm the order in time, or the key could not
     *     be looked up or stored; the order may be in the stream all the same
     */
    HandedIn handIn(Channel channel, MallId mallId, byte[] body, @Nullable RepeatKey key);

    /**
     * What makes two calls the same call.
     *
     * @param caller who calls
     * @param call method and path
     * @param key what the caller sent, 1 to 255 visible ASCII characters
     */
    record RepeatKey(String caller, String call, String key) {
        private static final Pattern FORM = Pattern.compile("[\\x21-\\x7E]{1,255}");

        /** @throws InvalidValue if the key has another form */
        public RepeatKey {
            if (!FORM.matcher(key).matches()) {
                throw new InvalidValue("Idempotency-Key", "must be 1 to 255 visible ASCII characters");
            }
        }

        /** Names the call only; who holds the key may repeat it. */
        @Override
        public String toString() {
            return "RepeatKey[" + call + "]";
        }
    }

    /** What became of an order that was handed in. */
    sealed interface HandedIn {
        /** It is in the stream now. */
        record Published() implements HandedIn {}

        /** The same call put it there before. */
        record PublishedBefore() implements HandedIn {}

        /** The key belongs to another body; nothing was done. */
        record KeyOfAnotherBody() implements HandedIn {}
    }
}
