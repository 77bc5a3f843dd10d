package mallstream.benchmarks;

import java.util.concurrent.TimeUnit;
import mallstream.kafka.Permitted;

/** The one place where benchmarks let time pass. */
@Permitted(reason = "a handler's work is simulated by time, and figures are looked at every few milliseconds")
public final class Pause {
    private Pause() {}

    /**
     * Lets time pass on this thread.
     *
     * @param micros microseconds; 0 returns at once
     * @throws InterruptedException if the thread was interrupted
     */
    public static void micros(long micros) throws InterruptedException {
        if (micros > 0) {
            TimeUnit.MICROSECONDS.sleep(micros);
        }
    }
}
