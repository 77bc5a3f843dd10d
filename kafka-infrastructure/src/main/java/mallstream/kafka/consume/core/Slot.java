package mallstream.kafka.consume.core;

/** How many records are held of one partition, over all its assignments: calls may outlive the one that they came with. */
final class Slot {
    int held;
}
