package mallstream.kafka.consume;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mallstream.kafka.Permitted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the runner of replays its turns. */
final class ReplayThread implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReplayThread.class);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration HANDING_OVER = Duration.ofMillis(1500);
    private static final Duration ENDING = Duration.ofMillis(500);

    private final ReplayRunner runner;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    /** @param runner what gets the turns */
    @Permitted(reason = "the one thread that runs replays, of all groups in turn; it ends with close")
    ReplayThread(ReplayRunner runner) {
        this.runner = runner;
        this.thread = Thread.ofPlatform().daemon().name("replay").unstarted(this::run);
    }

    /** Begins; a second call changes nothing. */
    void start() {
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    private void run() {
        try {
            do {
                turn();
            } while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            // The end could not wait any longer: what is handed over below fails at once, and is found by its silence.
            Thread.currentThread().interrupt();
        }
        runner.release();
    }

    private void turn() {
        try {
            runner.turn();
        } catch (RuntimeException e) {
            log.error("a turn of the replays failed", e);
        }
    }

    /** Saves, leaves the replays to other instances, and ends, within 2 s; the follower must not be closed before. */
    @Override
    public void close() {
        runner.stop();
        stopped.countDown();
        try {
            // It never began where the application failed to start.
            if (thread.isAlive() && !thread.join(HANDING_OVER)) {
                thread.interrupt();
                thread.join(ENDING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
