package mallstream.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Standard output, which is what these programs are for. */
public final class Out {
    private static @Nullable Writer copy;

    private Out() {}

    /**
     * Whatever is printed from now on goes to a file, too. Maven mixes standard output with standard error, and the figures
     * are to stand alone somewhere.
     *
     * @param file where to; what it had is gone
     */
    public static void alsoTo(Path file) {
        try {
            copy = Files.newBufferedWriter(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prints as it is. */
    public static void print(Object what) {
        System.out.println(what);
        Writer to = copy;
        if (to != null) {
            try {
                to.write(what + System.lineSeparator());
                to.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Prints a line.
     *
     * @param format as in {@link String#format}
     * @param values of the format
     */
    @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency for a check of five lines.
    public static void line(String format, Object... values) {
        print(text(format, values));
    }

    /**
     * Says on standard error how it goes: no part of the result.
     *
     * @param format as in {@link String#format}
     * @param values of the format
     */
    @SuppressWarnings("AnnotateFormatMethod") // As above.
    public static void note(String format, Object... values) {
        System.err.println(text(format, values));
    }

    /**
     * Text that is the same in every country.
     *
     * @param format as in {@link String#format}
     * @param values of the format
     */
    @SuppressWarnings("AnnotateFormatMethod") // As above.
    public static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
