package mallstream.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What a record of a benchmark says. Where every nanosecond is part of what is measured its numbers are read from the bytes
 * and no event is made.
 *
 * @param number its place among all records of the topic, from 0
 * @param key the number of its key, from 0
 * @param turn its place among the records of its key, from 0
 * @param created when it was to be sent, in microseconds since 1970; 0 where nobody asks how long it was on its way
 */
public record Event(int number, int key, int turn, long created) {
    /** About what an order or a sign-up takes. */
    static final int BYTES = 200;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int KEY = Integer.BYTES;
    private static final int TURN = 2 * Integer.BYTES;
    private static final int CREATED = 3 * Integer.BYTES;

    /** The key as the broker gets it. */
    public byte[] keyBytes() {
        return ("mall-" + key).getBytes(StandardCharsets.UTF_8);
    }

    /** The value as the broker gets it, {@link #BYTES} long. */
    public byte[] valueBytes() {
        return ByteBuffer.allocate(BYTES)
                .putInt(number)
                .putInt(key)
                .putInt(turn)
                .putLong(created)
                .array();
    }

    /**
     * @param value a record's value
     * @return what it says
     */
    public static Event of(byte[] value) {
        return new Event(number(value), key(value), turn(value), created(value));
    }

    /** {@link Event#number} in a record's value. */
    static int number(byte[] value) {
        return (int) INTS.get(value, 0);
    }

    /** {@link Event#key} in a record's value. */
    static int key(byte[] value) {
        return (int) INTS.get(value, KEY);
    }

    /** {@link Event#turn} in a record's value. */
    static int turn(byte[] value) {
        return (int) INTS.get(value, TURN);
    }

    /** {@link Event#created} in a record's value. */
    static long created(byte[] value) {
        return (long) LONGS.get(value, CREATED);
    }
}
