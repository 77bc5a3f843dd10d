package mallstream.benchmarks;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one run gave.
 *
 * @param records done while the clock ran
 * @param seconds how long the clock ran: until all of the topic was committed
 * @param joining seconds from the start of the candidate to the end of the first record
 * @param cpuMicros processor time of the whole JVM meanwhile, in microseconds per record
 * @param bytes allocated on the heap meanwhile, per record
 * @param mostHeld most records held: by the candidate's own count
 * @param mostSeen most records held: at any of the samples
 * @param samples how often it was looked at
 * @param violations of the order of a key, or of one at a time
 * @param again records that were handled a second time
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
        int mostSeen,
        int samples,
        int violations,
        int again,
        int recordsInHeap,
        long halfHeap,
        long lastHeap) {

    /** Records per second. */
    double rate() {
        return records / seconds;
    }

    /** In one word, for the process that asked for it. */
    String word() {
        return Stream.of(
                        records,
                        seconds,
                        joining,
                        cpuMicros,
                        bytes,
                        mostHeld,
                        mostSeen,
                        samples,
                        violations,
                        again,
                        recordsInHeap,
                        halfHeap,
                        lastHeap)
                .map(String::valueOf)
                .collect(Collectors.joining(","));
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
                Long.parseLong(parts[11]),
                Long.parseLong(parts[12]));
    }
}
