package mallstream.benchmarks;

import java.util.Locale;

/**
 * What one run gave.
 *
 * @param records done while the clock ran
 * @param seconds how long the clock ran: until all of the topic was committed
 * @param joining seconds from the start of the candidate to the end of the first record
 * @param cpuMicros processor time of the whole JVM meanwhile, in microseconds per record
 * @param bytes allocated on the heap meanwhile, per record
 * @param mostHeld most records received and not ended
 * @param overlaps records that began while another call had one of their key
 * @param inversions records that began before one that precedes them in their key
 * @param again records that were handled a second time
 * @param lost records that never were handled although all was committed
 * @param p99 microseconds that 99 of 100 records of the keys but the first were on their way at most; 0 where nobody asked
 * @param hottestLeft records of the key with most work left when the clock started
 * @param hottestMicros how long handlers work on these, in microseconds
 * @param recordsInHeap consumer records that lived in the heap at half; -1 where nobody counted
 * @param halfHeap bytes of the heap after a full collection at half; -1 where nobody counted
 * @param lastHeap bytes of the heap after a full collection at the end
 */
record Measured(
        int records,
        double seconds,
        double joining,
        double cpuMicros,
        double bytes,
        int mostHeld,
        int overlaps,
        int inversions,
        int again,
        int lost,
        int p99,
        int hottestLeft,
        long hottestMicros,
        int recordsInHeap,
        long halfHeap,
        long lastHeap) {

    /** Records per second. */
    double rate() {
        return records / seconds;
    }

    /** In one word, for the process that asked for it. */
    String word() {
        return String.format(
                Locale.ROOT,
                "%d,%s,%s,%s,%s,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d",
                records,
                seconds,
                joining,
                cpuMicros,
                bytes,
                mostHeld,
                overlaps,
                inversions,
                again,
                lost,
                p99,
                hottestLeft,
                hottestMicros,
                recordsInHeap,
                halfHeap,
                lastHeap);
    }

    /**
     * @param word what {@link #word} gave
     * @return the same
     */
    static Measured of(String word) {
        String[] parts = word.split(",", -1);
        return new Measured(
                Integer.parseInt(parts[0]),
                Double.parseDouble(parts[1]),
                Double.parseDouble(parts[2]),
                Double.parseDouble(parts[3]),
                Double.parseDouble(parts[4]),
                Integer.parseInt(parts[5]),
                Integer.parseInt(parts[6]),
                Integer.parseInt(parts[7]),
                Integer.parseInt(parts[8]),
                Integer.parseInt(parts[9]),
                Integer.parseInt(parts[10]),
                Integer.parseInt(parts[11]),
                Long.parseLong(parts[12]),
                Integer.parseInt(parts[13]),
                Long.parseLong(parts[14]),
                Long.parseLong(parts[15]));
    }
}
