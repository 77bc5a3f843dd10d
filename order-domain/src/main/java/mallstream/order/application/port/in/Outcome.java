package mallstream.order.application.port.in;

import java.time.Duration;

/** What became of one event. What an answer does not cover has failed and costs an attempt. */
public sealed interface Outcome {
    /** It had its effect now. */
    record Done() implements Outcome {}

    /** It had its effect before; nothing was changed. */
    record AlreadyDone() implements Outcome {}

    /**
     * It can never have its effect: it goes to the dead-letter topic at once.
     *
     * @param why a reason code of lower-case words joined by {@code -}, without personal data
     */
    record Refused(String why) implements Outcome {}

    /**
     * Not now, and nobody's fault: it waits and costs no attempt, up to a configured age.
     *
     * @param after how long to wait at least, positive
     */
    record TryLater(Duration after) implements Outcome {}
}
