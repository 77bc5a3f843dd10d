package mallstream.bootstrap.system;

import static java.util.Objects.requireNonNull;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import mallstream.bootstrap.infrastructure.Infrastructure;
import mallstream.bootstrap.infrastructure.PlatformTest;
import org.jspecify.annotations.Nullable;

/**
 * One place of several where the production jar runs, over the lives of its processes. Calls that change it come from
 * one thread at a time.
 */
final class Instance implements AutoCloseable {
    /** Figures of a process, over all its subscriptions. */
    enum Figure {
        /** Records whose handler answered that they had been handled before. */
        ALREADY_DONE("mallstream_consume_records_total{", "outcome=\"already-done\""),
        /** Records finished in any way. */
        FINISHED("mallstream_consume_records_total{", "outcome="),
        /** Attempts that failed and are made again. */
        RETRIES("mallstream_consume_retries_total{", "");

        private final String name;
        private final String tag;

        Figure(String name, String tag) {
            this.name = name;
            this.tag = tag;
        }

        private long in(String scraped) {
            return scraped.lines()
                    .filter(line -> line.startsWith(name) && line.contains(tag))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    private final Infrastructure on;
    private final Map<String, String> environment;
    private final Map<Figure, Long> ofThePast = new EnumMap<>(Figure.class);
    private final List<Path> logs = new CopyOnWriteArrayList<>();
    private volatile @Nullable Life life;
    private volatile boolean cutOff;

    /**
     * Does not start it: see {@link #start()}.
     *
     * @param on where its broker and its database are
     * @param environment settings besides the usual ones
     */
    Instance(Infrastructure on, Map<String, String> environment) {
        this.on = on;
        this.environment = environment;
    }

    /** A process and how it is called; the figures are as they were last read. */
    static final class Life {
        final Jar jar;
        final Api api;
        final Api management;
        private volatile Map<Figure, Long> figures = Map.of();

        private Life(Jar jar) {
            this.jar = jar;
            this.api = new Api(jar.port, PlatformTest.API_KEY, Duration.ofSeconds(5));
            this.management = new Api(jar.managementPort, PlatformTest.OPERATOR_KEY, Duration.ofSeconds(2));
        }

        /** Reads the figures; where it does not answer, those that were read before stay. */
        void readFigures() {
            try {
                String scraped = management.get("/actuator/prometheus").body();
                Map<Figure, Long> read = new EnumMap<>(Figure.class);
                for (Figure each : Figure.values()) {
                    read.put(each, each.in(scraped));
                }
                figures = read;
            } catch (UncheckedIOException e) {
                // It is frozen, or not up yet.
            }
        }
    }

    /** The process that runs, or ran last. */
    Life life() {
        return requireNonNull(life, "never started");
    }

    /** Whether it has no way to the broker now; what it says of its partitions does not count then. */
    boolean cutOff() {
        return cutOff;
    }

    void cutOff(boolean now) {
        cutOff = now;
    }

    /** What its processes printed, those of the past too. */
    List<Path> logs() {
        return List.copyOf(logs);
    }

    /** Starts a process, without waiting. */
    void start() {
        Jar jar = Jar.start(on, List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), environment);
        logs.add(jar.log);
        life = new Life(jar);
    }

    void awaitReady() {
        life().jar.awaitReady();
    }

    /** SIGKILL. */
    void kill() {
        Life ended = life();
        ended.readFigures();
        ended.jar.kill();
        keepFigures(ended);
    }

    /** SIGTERM; waits until it has ended. */
    void stop() {
        Life ended = life();
        ended.readFigures();
        ended.jar.close();
        keepFigures(ended);
    }

    private void keepFigures(Life ended) {
        ended.figures.forEach((figure, value) -> ofThePast.merge(figure, value, Long::sum));
        ended.figures = Map.of();
    }

    /** A figure over all lives, as it was last read; what a killed process counted after that is missing. */
    long total(Figure figure) {
        return ofThePast.getOrDefault(figure, 0L) + life().figures.getOrDefault(figure, 0L);
    }

    /** Ends it, also where it is frozen. */
    @Override
    public void close() {
        Life now = life;
        if (now != null) {
            now.jar.kill();
        }
    }
}
