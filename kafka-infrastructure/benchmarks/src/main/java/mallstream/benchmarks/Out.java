package mallstream.benchmarks;

import java.util.Locale;

/** Standard output, which is what these programs are for. */
final class Out {
    private Out() {}

    /** Prints as it is. */
    static void print(Object what) {
        System.out.println(what);
    }

    /**
     * Prints a line.
     *
     * @param format as in {@link String#format}
     * @param values of the format
     */
    @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency for a check of five lines.
    static void line(String format, Object... values) {
        print(text(format, values));
    }

    /**
     * Says on standard error how it goes: no part of the result.
     *
     * @param format as in {@link String#format}
     * @param values of the format
     */
    @SuppressWarnings("AnnotateFormatMethod") // As above.
    static void note(String format, Object... values) {
        System.err.println(text(format, values));
    }

    /**
     * Text that is the same in every country.
     *
     * @param format as in {@link String#format}
     * @param values of the format
     */
    @SuppressWarnings("AnnotateFormatMethod") // As above.
    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
