package mallstream.kafka.consume.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An engine with the time in the test's hand, whose calls end when the test says so. */
final class Bench implements Effects<String> {
    static final String OWNER = "shop:member.coupon";
    static final Source REPLAY = new Source("replay", 0);

    final Engine<String> engine;
    final Budget.Part part;
    /** Calls that have begun and not ended, in the order of their beginning. */
    final List<Call<String>> open = new ArrayList<>();
    /** How often each record was in a call. */
    final Map<String, Integer> calls = new LinkedHashMap<>();

    final List<Call<String>> interrupted = new ArrayList<>();
    final List<Call<String>> closed = new ArrayList<>();
    final Map<Held<String>, Doom> burying = new LinkedHashMap<>();
    final Map<String, Ending> finished = new LinkedHashMap<>();
    long now = -1_000_000_000L;

    Bench(Limits limits, int partitions) {
        part = new Budget(limits.budget, 1).join();
        engine = new Engine<>(
                limits.bounds(),
                Math.max(1, partitions),
                source -> source.equals(REPLAY),
                part,
                OWNER,
                this,
                new SplittableRandom(1));
        for (int i = 0; i < partitions; i++) {
            engine.assign(source(i), Progress.at(0));
        }
    }

    static Source source(int partition) {
        return new Source("topic", partition);
    }

    static List<Source> sources(int... partitions) {
        return Arrays.stream(partitions).mapToObj(Bench::source).toList();
    }

    /** Receives records of ten bytes; a record's name begins with its key, and {@code -} is none. */
    Bench receive(int partition, long from, String... names) {
        long offset = from;
        for (String name : names) {
            receive(partition, offset++, 10, name);
        }
        return this;
    }

    void receive(int partition, long offset, int bytes, String name) {
        String key = name.substring(0, 1);
        engine.received(source(partition), offset, bytes, key.equals("-") ? null : key, name, now);
    }

    Bench tick() {
        engine.tick(now);
        return this;
    }

    /** Lets time pass and does what is due, in the steps in which it is due. */
    void pass(Duration time) {
        long until = now + time.toNanos();
        engine.tick(now);
        for (long next = engine.next(now); next <= until; next = engine.next(now)) {
            now = next;
            engine.tick(now);
        }
        now = until;
        engine.tick(now);
    }

    /** The records of the calls that are open. */
    List<List<String>> running() {
        return open.stream().map(Bench::names).toList();
    }

    Call<String> only() {
        if (open.size() != 1) {
            throw new AssertionError("not one call but " + running());
        }
        return open.getFirst();
    }

    Call<String> callOf(String name) {
        return open.stream()
                .filter(call -> names(call).contains(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + running()));
    }

    static List<String> names(Call<String> call) {
        return call.records().stream().map(Held::record).toList();
    }

    /** Ends a call with an outcome per record. */
    void answer(Call<String> call, Function<String, @Nullable Outcome> outcomes) {
        open.remove(call);
        @Nullable Outcome[] answer = names(call).stream().map(outcomes).toArray(Outcome[]::new);
        engine.completed(call, answer, now);
    }

    void done(Call<String> call) {
        answer(call, name -> new Outcome.Done());
    }

    void fail(Call<String> call) {
        open.remove(call);
        engine.failed(call, Doom.thrown(new IllegalStateException()), now);
    }

    void away(Call<String> call) {
        open.remove(call);
        engine.unavailable(call, "database", now);
    }

    /** Ends all calls that are open, those that begin then too, until none is left; time passes where that is needed. */
    void work(Function<String, @Nullable Outcome> outcomes) {
        while (!open.isEmpty() || engine.next(now) != Long.MAX_VALUE) {
            if (open.isEmpty()) {
                now = Math.max(now, engine.next(now));
                engine.tick(now);
            } else {
                answer(open.getFirst(), outcomes);
            }
            buryAll();
        }
    }

    /** As {@link #work}, but a call with one of these records fails as a whole, and the others are done. */
    void workWithPoison(String... poison) {
        while (!open.isEmpty() || engine.next(now) != Long.MAX_VALUE) {
            if (open.isEmpty()) {
                now = Math.max(now, engine.next(now));
                engine.tick(now);
            } else if (Stream.of(poison).anyMatch(names(open.getFirst())::contains)) {
                fail(open.getFirst());
            } else {
                done(open.getFirst());
            }
            buryAll();
        }
    }

    void buryAll() {
        for (Held<String> each : List.copyOf(burying.keySet())) {
            burying.remove(each);
            engine.buried(each, now);
        }
    }

    int callsOf(String name) {
        return calls.getOrDefault(name, 0);
    }

    Progress progress(int partition) {
        return Objects.requireNonNull(engine.progress(source(partition)));
    }

    @Override
    public void begin(Call<String> call) {
        open.add(call);
        names(call).forEach(name -> calls.merge(name, 1, Integer::sum));
        call.started(now);
    }

    @Override
    public void interrupt(Call<String> call) {
        interrupted.add(call);
    }

    @Override
    public void bury(Held<String> record, Doom doom) {
        burying.put(record, doom);
    }

    @Override
    public void finished(Held<String> record, Ending ending) {
        Ending before = finished.put(record.record(), ending);
        if (before != null) {
            throw new AssertionError(record.record() + " is finished twice");
        }
    }

    @Override
    public void retried(Held<String> record) {}

    @Override
    public void closed(Call<String> call) {
        closed.add(call);
    }

    /** Bounds of which a test says only what it is about. */
    static final class Limits {
        int inFlight = 10;
        int held = 10_000;
        int size = 1;
        boolean oneKey;
        int bytes = 1_000_000;
        Duration linger = Duration.ZERO;
        int attempts = 3;
        Duration first = Duration.ofMillis(100);
        Duration longest = Duration.ofSeconds(1);
        Duration later = Duration.ofMinutes(1);
        Duration timeout = Duration.ofHours(1);
        long budget = 1L << 30;

        Bounds bounds() {
            return new Bounds(
                    inFlight,
                    held,
                    size,
                    oneKey,
                    bytes,
                    linger,
                    attempts,
                    first,
                    longest,
                    later,
                    timeout,
                    Duration.ofSeconds(5));
        }

        Limits inFlight(int calls) {
            inFlight = calls;
            return this;
        }

        Limits held(int records) {
            held = records;
            return this;
        }

        Limits size(int records) {
            size = records;
            return this;
        }

        Limits bytes(int most) {
            bytes = most;
            return this;
        }

        Limits linger(Duration wait) {
            linger = wait;
            return this;
        }

        Limits attempts(int most) {
            attempts = most;
            return this;
        }

        Limits later(Duration most) {
            later = most;
            return this;
        }

        Limits timeout(Duration most) {
            timeout = most;
            return this;
        }

        Limits budget(long most) {
            budget = most;
            return this;
        }

        Bench bench() {
            return new Bench(this, 1);
        }

        Bench bench(int partitions) {
            return new Bench(this, partitions);
        }
    }
}
