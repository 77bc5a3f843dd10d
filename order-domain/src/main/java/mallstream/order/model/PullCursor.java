package mallstream.order.model;

import java.time.Instant;

/**
 * Where the next page of a window begins, as the source said.
 *
 * @param from change time
 * @param sequence the source's mark among the changes of that time
 */
public record PullCursor(Instant from, String sequence) {}
