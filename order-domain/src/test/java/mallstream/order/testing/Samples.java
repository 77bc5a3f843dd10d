package mallstream.order.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sample files of docs/samples. */
public final class Samples {
    private Samples() {}

    /** A sample's text. */
    public static String text(String name) {
        try {
            return Files.readString(Path.of("..", "docs", "samples", name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A sample's bytes. */
    public static byte[] bytes(String name) {
        return text(name).getBytes(StandardCharsets.UTF_8);
    }
}
