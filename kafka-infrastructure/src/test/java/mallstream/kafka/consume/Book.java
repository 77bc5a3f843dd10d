package mallstream.kafka.consume;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A handler that keeps a book of events {@code <key>:<number>}: how often each was given to it, in which order they were
 * done, and whether a key was ever in two calls at once.
 */
final class Book implements Handler<String> {
    /** Calls that an event was in. */
    final Map<String, Integer> given = new ConcurrentHashMap<>();

    final Queue<String> done = new ConcurrentLinkedQueue<>();
    /** Keys that were in two calls at the same time. */
    final Queue<String> overlaps = new ConcurrentLinkedQueue<>();

    final AtomicInteger calls = new AtomicInteger();
    /** Epochs of the calls, each once. */
    final Set<Long> epochs = ConcurrentHashMap.newKeySet();

    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Function<String, Result> answer;

    /** @param answer what becomes of an event; what it throws fails the whole call */
    Book(Function<String, Result> answer) {
        this.answer = answer;
    }

    /** All events are done at once. */
    Book() {
        this(event -> new Result.Done());
    }

    /** Waits as a handler does that ignores interrupts. */
    static void stubbornly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static String key(String event) {
        return event.substring(0, event.indexOf(':'));
    }

    static int number(String event) {
        return Integer.parseInt(event.substring(event.indexOf(':') + 1));
    }

    @Override
    public List<Result> handle(List<String> events) {
        calls.incrementAndGet();
        Delivery.current().ifPresent(it -> epochs.add(it.epoch()));
        Set<String> keys = events.stream().map(Book::key).collect(Collectors.toSet());
        keys.stream().filter(key -> !busy.add(key)).forEach(overlaps::add);
        try {
            events.forEach(event -> given.merge(event, 1, Integer::sum));
            List<Result> results = new ArrayList<>(events.size());
            for (String event : events) {
                results.add(answer.apply(event));
            }
            for (int i = 0; i < events.size(); i++) {
                if (results.get(i) instanceof Result.Done) {
                    done.add(events.get(i));
                }
            }
            return results;
        } finally {
            busy.removeAll(keys);
        }
    }

    int given(String event) {
        return given.getOrDefault(event, 0);
    }

    /** The numbers of a key's events in the order in which they were done. */
    List<Integer> doneOf(String key) {
        return done.stream()
                .filter(event -> key(event).equals(key))
                .map(Book::number)
                .toList();
    }

    Set<String> allDone() {
        return Set.copyOf(done);
    }
}
