package mallstream.benchmarks;

import java.util.ArrayList;
import java.util.List;
import mallstream.kafka.consume.Handler;
import mallstream.kafka.consume.Result;

/** The handler of all candidates: it works on the events of a call one after the other, each for as long as it says. */
final class Working implements Handler<Event> {
    private static final Result DONE = new Result.Done();
    private static final List<Result> ONE_DONE = List.of(DONE);

    private final Watcher watcher;

    /** @param watcher is told of each event */
    Working(Watcher watcher) {
        this.watcher = watcher;
    }

    @Override
    public List<Result> handle(List<Event> events) {
        List<Result> results = new ArrayList<>(events.size());
        for (Event event : events) {
            watcher.begins(event);
            try {
                Pause.micros(event.micros());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted at work", e);
            }
            watcher.ends(event);
            results.add(DONE);
        }
        return results.size() == 1 ? ONE_DONE : results;
    }

    /** Is told what a handler does, by its threads. */
    interface Watcher {
        /** A handler begins with an event. */
        void begins(Event event);

        /** A handler has ended with an event. */
        void ends(Event event);
    }
}
