package mallstream.kafka.consume.core;

import org.jspecify.annotations.Nullable;

/**
 * Where a record goes whose key's lane can be split, given to {@link Engine#received} in place of a key. A subscription gives
 * all of its keys in this way, or none: the lane of a key that comes bare knows nothing of the parts of the same key.
 *
 * @param key whose records they are
 * @param part which of them are handled in order and one after the other; null: all records of the key. Between records with a
 *     part and records without one nothing overtakes
 */
public record Split(Object key, @Nullable Object part) {}
