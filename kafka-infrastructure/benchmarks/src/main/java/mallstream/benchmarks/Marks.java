package mallstream.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How often each record began and ended, in memory that is a file: it is there however the process ends, and another
 * process can look at it meanwhile. A record is never told of by two threads at the same time.
 */
final class Marks implements Working.Watcher {
    private final MappedByteBuffer bytes;
    private final int records;

    /**
     * @param file where they are; made if it is not there
     * @param records how many there are
     */
    Marks(Path file, int records) {
        this.records = records;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2L * records);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void begins(byte[] value, int call) {
        add(Event.number(value));
    }

    @Override
    public void ends(byte[] value, int call) {
        add(records + Event.number(value));
    }

    private void add(int at) {
        bytes.put(at, (byte) (bytes.get(at) + 1));
    }

    /** How often a record began, by its number. */
    int begun(int number) {
        return bytes.get(number);
    }

    /** How often a record ended, by its number. */
    int ended(int number) {
        return bytes.get(records + number);
    }

    /** Records that ended so many times at least. */
    int endedAtLeast(int times) {
        int found = 0;
        for (int i = 0; i < records; i++) {
            found += ended(i) >= times ? 1 : 0;
        }
        return found;
    }
}
