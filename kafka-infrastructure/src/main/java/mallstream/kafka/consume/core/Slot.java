package mallstream.kafka.consume.core;

/** How many records are held of one party, over all assignments of its partitions: calls may outlive the one that they came with. */
final class Slot {
    int held;
}
