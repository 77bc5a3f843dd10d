package mallstream.benchmarks;

import java.util.List;

/** The handler that all arms have in common. Any number of threads may call it. */
public interface Job {
    /**
     * Works on one record.
     *
     * @param value its value
     */
    void work(byte[] value);

    /**
     * Works on several records in one call.
     *
     * @param values their values, those of a key in the order of its partition
     */
    void work(List<byte[]> values);
}
