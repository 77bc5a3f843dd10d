package mallstream.kafka.consume;

import java.time.Duration;

/** What became of one event. What a handler's answer does not cover has failed and costs an attempt. */
public sealed interface Result {
    /** It had its effect now. */
    record Done() implements Result {}

    /** It had its effect before. */
    record AlreadyDone() implements Result {}

    /**
     * It goes to the dead-letter topic at once.
     *
     * @param reason a code without personal data, such as {@code malformed}
     */
    record Refused(String reason) implements Result {}

    /**
     * It waits, free of charge, up to a configured age.
     *
     * @param after how long to wait at least
     */
    record TryLater(Duration after) implements Result {}
}
