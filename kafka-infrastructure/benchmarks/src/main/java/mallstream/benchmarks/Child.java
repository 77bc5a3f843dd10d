package mallstream.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mallstream.kafka.Permitted;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of its own for a program of this module. It ends by itself when this process ends, as its standard input ends then
 * and every program that waits, waits for that.
 */
public final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private Child(Process process) {
        this.process = process;
        this.output = process.inputReader(UTF_8);
    }

    /**
     * @param program its main class
     * @param options of its JVM, separated by blanks; may be empty
     * @param arguments its own
     * @return the started process
     */
    public static Child start(Class<?> program, String options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Kafka's libraries do what future releases of Java will refuse, and we can't change them.
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-Dbenchmark.log=" + System.getProperty("benchmark.log", "ERROR"));
        if (!options.isBlank()) {
            command.addAll(List.of(options.strip().split(" +", -1)));
        }
        command.add(program.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        try {
            return new Child(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits for a line.
     *
     * @param start how it begins; lines before it are passed over
     * @return what follows the start
     * @throws IllegalStateException if the process ends without it
     */
    public String line(String start) {
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(start)) {
                    return line.substring(start.length());
                }
            }
            throw new IllegalStateException("a process ended without '" + start + "', exit code " + process.waitFor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads what it prints until it ends.
     *
     * @param to gets each line
     */
    public void lines(Consumer<String> to) {
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                to.accept(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its number on this machine. */
    public long pid() {
        return process.pid();
    }

    /** Whether it runs. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Kills it, without a chance to do anything before: SIGKILL where there are signals. */
    public void kill() {
        process.destroyForcibly();
        ended(10);
    }

    /**
     * Waits until it has ended.
     *
     * @param seconds how long to wait at most
     * @return its exit code; null if it still runs
     */
    public @Nullable Integer ended(int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks it to end, and kills it after 20 s. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
        }
        if (ended(20) == null) {
            kill();
        }
    }

    /** Where a child waits for its end: its standard input ends with its parent. */
    public static void awaitEnd() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            while (input.readLine() != null) {
                // Nobody says anything to it but the end.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends this JVM when its standard input ends, whatever else runs. */
    @Permitted(reason = "the main thread has something else to do; one daemon thread, which waits for the end")
    public static void endWithParent() {
        Thread.ofPlatform().daemon().name("end-with-parent").start(() -> {
            awaitEnd();
            Runtime.getRuntime().halt(4);
        });
    }
}
