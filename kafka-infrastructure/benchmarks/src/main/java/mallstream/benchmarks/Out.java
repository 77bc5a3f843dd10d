package mallstream.benchmarks;

import java.util.Locale;

/** Standard output, which is what these programs are for. */
public final class Out {
    private Out() {}

    /** Prints as it is. */
    public static void print(Object what) {
        System.out.println(what);
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
