package mallstream.order.model;

/**
 * A change that nobody understood yet.
 *
 * @param number its number, 1 or more; later ones have higher numbers
 * @param entry what is kept of it
 */
public record ParkedChange(long number, HistoryEntry entry) {}
