package standin.gateway;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the gateway has taken: 26 bytes per recipient in columns, for four million of them must fit beside all else that a
 * machine runs.
 */
final class Taken {
    private static final int CHUNK = 1 << 16;

    private final List<Chunk> chunks = new ArrayList<>();
    private final Map<String, List<Block>> blocks = new HashMap<>();
    private int size;

    /** A part of the columns; a recipient is a row id, a phone and a code. */
    private static final class Chunk {
        final long[] high = new long[CHUNK];
        final long[] low = new long[CHUNK];
        final long[] phone = new long[CHUNK];
        final short[] code = new short[CHUNK];
    }

    /**
     * A call's place in the columns.
     *
     * @param requestId the gateway's id of it
     * @param template its template code
     * @param at when it was taken
     * @param start its first recipient
     * @param count its recipients
     */
    record Block(String requestId, String template, Instant at, int start, int count) {}

    /**
     * Recipients of a call as they came.
     *
     * @param rows row ids
     * @param phones phone numbers as {@link #packed}
     * @param codes what each was answered, 0 for taken
     */
    record Recipients(List<UUID> rows, long[] phones, short[] codes) {}

    /**
     * One recipient as it is listed.
     *
     * @param block its call
     * @param sequence its place in the call, from 1
     * @param row its row id
     * @param phone its number as {@link #packed}
     * @param code what it was answered, 0 for taken
     */
    record Listed(Block block, int sequence, UUID row, long phone, int code) {}

    /** Digits as a number that keeps leading zeros; 15 digits at the most. */
    static long packed(String digits) {
        return Long.parseLong("1" + digits);
    }

    /** The reverse of {@link #packed}. */
    static String digits(long packed) {
        return Long.toString(packed).substring(1);
    }

    synchronized void add(String group, String requestId, String template, Instant at, Recipients recipients) {
        int start = size;
        int count = recipients.rows().size();
        for (int i = 0; i < count; i++) {
            if (size % CHUNK == 0) {
                chunks.add(new Chunk());
            }
            Chunk chunk = chunks.getLast();
            int at0 = size % CHUNK;
            chunk.high[at0] = recipients.rows().get(i).getMostSignificantBits();
            chunk.low[at0] = recipients.rows().get(i).getLeastSignificantBits();
            chunk.phone[at0] = recipients.phones()[i];
            chunk.code[at0] = recipients.codes()[i];
            size++;
        }
        blocks.computeIfAbsent(group, key -> new ArrayList<>(1)).add(new Block(requestId, template, at, start, count));
    }

    /**
     * Recipients of a grouping key, in the order in which they were taken.
     *
     * @param from first time that counts
     * @param to last time that counts
     * @param skip recipients to leave out before
     * @param most recipients to give at the most
     * @param listed gets the recipients
     * @return how many there are in all
     */
    synchronized int list(String group, Instant from, Instant to, int skip, int most, List<Listed> listed) {
        int total = 0;
        for (Block block : blocks.getOrDefault(group, List.of())) {
            if (block.at().isBefore(from) || block.at().isAfter(to)) {
                continue;
            }
            for (int i = 0; i < block.count(); i++) {
                if (total >= skip && total < (long) skip + most) {
                    Chunk chunk = chunks.get((block.start() + i) / CHUNK);
                    int at = (block.start() + i) % CHUNK;
                    listed.add(new Listed(
                            block, i + 1, new UUID(chunk.high[at], chunk.low[at]), chunk.phone[at], chunk.code[at]));
                }
                total++;
            }
        }
        return total;
    }

    /** How often something was sent for a row. */
    synchronized long sendsFor(UUID row) {
        long sends = 0;
        for (int i = 0; i < size; i++) {
            Chunk chunk = chunks.get(i / CHUNK);
            int at = i % CHUNK;
            if (chunk.code[at] == 0
                    && chunk.low[at] == row.getLeastSignificantBits()
                    && chunk.high[at] == row.getMostSignificantBits()) {
                sends++;
            }
        }
        return sends;
    }

    /** How often something was sent to a number. */
    synchronized long sendsTo(String phone) {
        long packed = packed(phone);
        long sends = 0;
        for (int i = 0; i < size; i++) {
            Chunk chunk = chunks.get(i / CHUNK);
            if (chunk.code[i % CHUNK] == 0 && chunk.phone[i % CHUNK] == packed) {
                sends++;
            }
        }
        return sends;
    }

    /** What was sent, counted over all. Takes a second or so for millions. */
    synchronized Sends sends() {
        long[] keys = new long[size];
        int sent = 0;
        for (int i = 0; i < size; i++) {
            Chunk chunk = chunks.get(i / CHUNK);
            int at = i % CHUNK;
            if (chunk.code[at] == 0) {
                // 64 bits of the 128: of four million rows two are taken for one once in two million runs.
                keys[sent++] = chunk.high[at] * 0x9E3779B97F4A7C15L ^ chunk.low[at];
            }
        }
        long rows = distinct(keys, sent);
        sent = 0;
        for (int i = 0; i < size; i++) {
            Chunk chunk = chunks.get(i / CHUNK);
            if (chunk.code[i % CHUNK] == 0) {
                keys[sent++] = chunk.phone[i % CHUNK];
            }
        }
        return new Sends(sent, rows, distinct(keys, sent), size - sent);
    }

    private static long distinct(long[] keys, int count) {
        Arrays.sort(keys, 0, count);
        long distinct = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || keys[i] != keys[i - 1]) {
                distinct++;
            }
        }
        return distinct;
    }

    synchronized void clear() {
        chunks.clear();
        blocks.clear();
        size = 0;
    }
}
