package mallstream.kafka.consume.core;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * How far a partition is done: everything below the frontier, and everything from there to the end but what is open. It
 * travels as the committed offset with its metadata, so that a restart repeats only what was really unfinished.
 *
 * <p>The metadata is {@code m1;<owner>;<gaps>}. The owner tells our commits from a stranger's. The gaps are bytes in
 * base64url: a checksum, the length from frontier to end, then either the distances between open offsets or one bit per
 * offset, whichever is shorter. Where neither fits, the end moves down: less is known to be finished, and nothing is lost.
 *
 * <p>The checksum covers the frontier too: tools that copy groups to another cluster translate the offset and leave the
 * metadata as it is, and gaps beside an offset that they do not belong to would skip records that nobody has handled.
 *
 * @param frontier all offsets below it are finished
 * @param end offsets from the frontier on and below this are finished, unless they are open
 * @param open the unfinished offsets from frontier to end, ascending
 */
public record Progress(long frontier, long end, long[] open) {
    /** What a broker takes as metadata unless it is configured otherwise, in characters. */
    static final int MOST_CHARACTERS = 4096;

    private static final String FORMAT = "m1;";
    /** Longest of a number below 2^63 with seven bits a byte. */
    private static final int LONGEST_NUMBER = 9;

    private static final int CHECKSUM = Integer.BYTES;
    private static final byte LISTED = 0;
    private static final byte MAPPED = 1;

    /**
     * A start without gaps.
     *
     * @param frontier the first offset to be handled
     * @return everything below is finished, nothing above
     */
    public static Progress at(long frontier) {
        return new Progress(frontier, frontier, new long[0]);
    }

    /** What is open now, and what was known before of offsets that have not been received again yet. */
    static Progress of(long position, long[] open, Progress restored) {
        long[] later = LongStream.of(restored.open)
                .filter(offset -> offset >= position)
                .toArray();
        long[] all = Arrays.copyOf(open, open.length + later.length);
        System.arraycopy(later, 0, all, open.length, later.length);
        long end = Math.max(position, restored.end);
        return new Progress(all.length == 0 ? end : all[0], end, all);
    }

    /** Whether an offset at or above the frontier is known to be finished. */
    boolean finished(long offset) {
        return offset >= frontier && offset < end && Arrays.binarySearch(open, offset) < 0;
    }

    /**
     * @param owner whose commit it is: application and subscription
     * @return the metadata of the commit
     */
    public String metadata(String owner) {
        String stamp = FORMAT + owner + ";";
        byte[] gaps = gaps(room(owner));
        if (gaps.length == 0) {
            return stamp;
        }
        ByteBuffer checked = ByteBuffer.allocate(CHECKSUM + gaps.length).putInt(checksum(frontier, gaps));
        return stamp
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(checked.put(gaps).array());
    }

    /**
     * @param offset a committed offset
     * @param metadata its metadata
     * @param owner who we are
     * @return the progress; without gaps where the metadata is not ours, is damaged, or belongs to another offset
     */
    public static Progress parse(long offset, String metadata, String owner) {
        if (stamped(metadata, owner)) {
            try {
                byte[] checked =
                        Base64.getUrlDecoder().decode(metadata.substring(FORMAT.length() + owner.length() + 1));
                byte[] gaps = Arrays.copyOfRange(checked, Math.min(CHECKSUM, checked.length), checked.length);
                if (gaps.length > 0 && ByteBuffer.wrap(checked).getInt() == checksum(offset, gaps)) {
                    return read(offset, ByteBuffer.wrap(gaps));
                }
            } catch (IllegalArgumentException e) {
                // Damaged: the offset alone repeats more than needed, which is safe.
            }
        }
        return at(offset);
    }

    /**
     * @param metadata of a commit
     * @param owner who we are
     * @return whether the commit is ours
     */
    public static boolean stamped(String metadata, String owner) {
        return metadata.startsWith(FORMAT + owner + ";");
    }

    /**
     * @param metadata of a commit
     * @return whose commit it is; {@code null}: nobody's that stamps
     */
    public static @Nullable String owner(String metadata) {
        int end = metadata.lastIndexOf(';');
        return metadata.startsWith(FORMAT) && end > FORMAT.length() ? metadata.substring(FORMAT.length(), end) : null;
    }

    /**
     * Whether the gaps can be told whatever is finished next.
     *
     * @param span offsets from frontier to end
     * @param open most offsets of it that may be open
     * @param owner whose commit it is
     */
    static boolean fits(long span, long open, String owner) {
        int room = room(owner) - 1 - LONGEST_NUMBER;
        return (span + 7) / 8 <= room || open * length(span) <= room;
    }

    private static int room(String owner) {
        return (MOST_CHARACTERS - FORMAT.length() - owner.length() - 1) / 4 * 3 - CHECKSUM;
    }

    private static int checksum(long frontier, byte[] gaps) {
        CRC32 checksum = new CRC32();
        checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(0, frontier));
        checksum.update(gaps);
        return (int) checksum.getValue();
    }

    private byte[] gaps(int room) {
        if (end == frontier) {
            return new byte[0];
        }
        int listed = 1 + length(end - frontier);
        int fitting = 0;
        long from = frontier;
        for (long offset : open) {
            listed += length(offset - from);
            from = offset;
            fitting += listed <= room ? 1 : 0;
        }
        long mapped = 1 + length(end - frontier) + (end - frontier + 7) / 8;
        if (listed > room && mapped > room) {
            return new Progress(frontier, open[fitting], Arrays.copyOf(open, fitting)).gaps(room);
        }
        ByteBuffer gaps = ByteBuffer.allocate((int) Math.min(listed, mapped));
        gaps.put(listed <= mapped ? LISTED : MAPPED);
        write(gaps, end - frontier);
        if (listed <= mapped) {
            from = frontier;
            for (long offset : open) {
                write(gaps, offset - from);
                from = offset;
            }
        } else {
            int start = gaps.position();
            for (long offset : open) {
                int bit = (int) (offset - frontier);
                int at = start + bit / 8;
                gaps.put(at, (byte) (gaps.get(at) | 1 << bit % 8));
            }
        }
        return gaps.array();
    }

    private static Progress read(long frontier, ByteBuffer gaps) {
        byte form = gaps.get();
        long end = frontier + readNumber(gaps);
        LongStream.Builder open = LongStream.builder();
        if (form == LISTED) {
            long offset = frontier;
            while (gaps.hasRemaining()) {
                offset += readNumber(gaps);
                open.add(offset);
            }
        } else {
            for (int bit = 0; gaps.hasRemaining(); bit += 8) {
                byte bits = gaps.get();
                for (int i = 0; i < 8; i++) {
                    if ((bits & 1 << i) != 0) {
                        open.add(frontier + bit + i);
                    }
                }
            }
        }
        return new Progress(frontier, end, open.build().toArray());
    }

    private static int length(long number) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(number)) / 7);
    }

    private static void write(ByteBuffer to, long number) {
        long left = number;
        while (left >= 128) {
            to.put((byte) (left | 128));
            left >>>= 7;
        }
        to.put((byte) left);
    }

    private static long readNumber(ByteBuffer from) {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = from.get();
            number |= (long) (next & 127) << shift;
            if (next >= 0) {
                return number;
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Progress progress
                && frontier == progress.frontier
                && end == progress.end
                && Arrays.equals(open, progress.open);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(frontier) * 31 + Long.hashCode(end);
    }

    @Override
    public String toString() {
        return "done below " + frontier + " and up to " + end + " but " + Arrays.toString(open);
    }
}
