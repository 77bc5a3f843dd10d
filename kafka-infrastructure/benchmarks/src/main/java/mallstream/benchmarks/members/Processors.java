package mallstream.benchmarks.members;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mallstream.benchmarks.Out;

/**
 * Who used the processors. The database's processes are many, end with their connections, and belong to another user: they are
 * what is left of the machine's time. Other work on the machine counts as theirs.
 */
final class Processors {
    /** Of {@code /proc/stat}, proc(5): user, nice, system and, behind idle and iowait, irq and softirq. */
    private static final int[] BUSY = {1, 2, 3, 6, 7};

    /** USER_HZ, which is 100 on every Linux. */
    private static final double TICK_MICROS = 10_000;

    private final Map<String, Long> processes;
    private Map<String, Double> micros = Map.of();

    /** @param processes process ids by what to call them */
    Processors(Map<String, Long> processes) {
        this.processes = processes;
    }

    /** Counts from now on. */
    void start() {
        micros = read();
    }

    /** Counts up to now. */
    void stop() {
        Map<String, Double> now = read();
        micros.forEach((name, then) -> now.merge(name, -then, Double::sum));
        micros = now;
    }

    /**
     * @param parts what to divide by
     * @return "jar 20.1, broker 3.0, …", microseconds
     */
    String tell(int parts) {
        return micros.entrySet().stream()
                .map(each -> Out.text("%s %.1f", each.getKey(), each.getValue() / parts))
                .collect(Collectors.joining(", "));
    }

    private Map<String, Double> read() {
        Map<String, Double> read = new LinkedHashMap<>();
        processes.forEach((name, pid) -> read.put(
                name,
                ProcessHandle.of(pid)
                                .flatMap(process -> process.info().totalCpuDuration())
                                .orElse(Duration.ZERO)
                                .toNanos()
                        / 1e3));
        double known = read.values().stream().mapToDouble(each -> each).sum();
        read.put("the rest, the database's", machine() - known);
        return read;
    }

    private static double machine() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            String[] fields = lines.findFirst().orElseThrow().split(" +", -1);
            double ticks = 0;
            for (int field : BUSY) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks * TICK_MICROS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
