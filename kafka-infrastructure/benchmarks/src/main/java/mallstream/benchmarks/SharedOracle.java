package mallstream.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Sees the records of several processes begin and end, in memory that is a file. */
final class SharedOracle implements Working.Watcher {
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final int MEMBERS = 8;
    private static final int OVERLAPS = 0;
    private static final int ENDED = 1;
    private static final int HEAD = ENDED + MEMBERS;

    private final MappedByteBuffer bytes;
    private final int member;
    private final int keyCount;
    private final int records;

    /**
     * @param file where it is; made if it is not there
     * @param records how many there are
     * @param keyCount over how many keys
     * @param member a number of this process, 0 to 7
     */
    SharedOracle(Path file, int records, int keyCount, int member) {
        this.member = member;
        this.keyCount = keyCount;
        this.records = records;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) Integer.BYTES * (HEAD + keyCount + records));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void begins(byte[] value, int call) {
        if ((int) INTS.getAndSet(bytes, at(HEAD + Event.key(value)), token(call)) != 0) {
            INTS.getAndAdd(bytes, at(OVERLAPS), 1);
        }
    }

    @Override
    public void ends(byte[] value, int call) {
        // In vain where another one has begun.
        INTS.compareAndSet(bytes, at(HEAD + Event.key(value)), token(call), 0);
        INTS.getAndAdd(bytes, at(HEAD + keyCount + Event.number(value)), 1);
        INTS.getAndAdd(bytes, at(ENDED + member), 1);
    }

    /** How often a record began while another one of its key ran, in any process. */
    int overlaps() {
        return get(OVERLAPS);
    }

    /** How many records have ended in a member. */
    int ended(int ofMember) {
        return get(ENDED + ofMember);
    }

    /** Records that ended so many times at least. */
    int endedAtLeast(int times) {
        int found = 0;
        for (int i = 0; i < records; i++) {
            found += get(HEAD + keyCount + i) >= times ? 1 : 0;
        }
        return found;
    }

    /** The same record may run in two processes. */
    private int token(int call) {
        return call * MEMBERS + member;
    }

    private int get(int place) {
        return (int) INTS.getVolatile(bytes, at(place));
    }

    private static int at(int place) {
        return place * Integer.BYTES;
    }
}
