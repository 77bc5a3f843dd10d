package mallstream.benchmarks.peers;

import java.util.concurrent.Semaphore;
import mallstream.kafka.Permitted;
import org.jspecify.annotations.Nullable;

/** The incident: a virtual thread per record, and a semaphore that each of them waits for. Nothing holds the loop back. */
public final class SemaphorePerRecord extends PollLoop {
    private @Nullable Semaphore places;

    @Override
    @Permitted(reason = "it is what is shown: nothing bounds them")
    void record(byte[] value, Settings settings) {
        Semaphore semaphore = places == null ? new Semaphore(settings.maxInFlight()) : places;
        places = semaphore;
        Thread.startVirtualThread(() -> {
            semaphore.acquireUninterruptibly();
            try {
                settings.job().work(value);
            } finally {
                semaphore.release();
            }
        });
    }
}
