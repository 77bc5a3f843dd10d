package mallstream.benchmarks.members;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks that everything is there and that each key's events stand in their order. An event that stands there again is
 * counted and says nothing about the order: what was seen first does.
 *
 * @param <K> a key
 */
final class KeyOrder<K> {
    private final Map<K, Integer> last = new HashMap<>();
    private final BitSet seen = new BitSet();
    private int again;
    private int violations;

    /**
     * @param key its key
     * @param number its place in the order in which all events happened, 0 or more
     */
    void add(K key, int number) {
        if (seen.get(number)) {
            again++;
            return;
        }
        seen.set(number);
        Integer before = last.put(key, number);
        if (before != null && before > number) {
            violations++;
        }
    }

    /** How many different events there are. */
    int different() {
        return seen.cardinality();
    }

    /** How many were there before. */
    int again() {
        return again;
    }

    /** How many stand behind a later one of their key. */
    int violations() {
        return violations;
    }
}
