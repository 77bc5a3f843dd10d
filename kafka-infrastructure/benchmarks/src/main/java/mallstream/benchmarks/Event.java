package mallstream.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import mallstream.kafka.consume.Decoder;

/**
 * What a record of a benchmark says.
 *
 * @param number its place among all records of the topic, from 0
 * @param key the number of its key, from 0
 * @param turn its place among the records of its key, from 0
 * @param micros how long its handler works, in microseconds
 */
public record Event(int number, int key, int turn, int micros) {
    /** About what an order or a sign-up takes. */
    static final int BYTES = 200;

    private static final int USED = 4 * Integer.BYTES;

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
                .putInt(micros)
                .array();
    }

    /**
     * @param received a record of a benchmark's topic
     * @return what it says
     * @throws Decoder.Malformed if it is no such record
     */
    public static Event decode(Decoder.Received received) throws Decoder.Malformed {
        return of(received.value());
    }

    /**
     * @param value a record's value
     * @return what it says
     * @throws Decoder.Malformed if it is no value of a benchmark's record
     */
    public static Event of(byte[] value) throws Decoder.Malformed {
        if (value.length < USED) {
            throw new Decoder.Malformed("too-short");
        }
        ByteBuffer from = ByteBuffer.wrap(value);
        return new Event(from.getInt(), from.getInt(), from.getInt(), from.getInt());
    }
}
