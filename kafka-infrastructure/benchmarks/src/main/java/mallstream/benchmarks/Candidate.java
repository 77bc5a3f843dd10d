package mallstream.benchmarks;

import mallstream.kafka.consume.Handler;

/** Something that consumes a topic: what is measured. */
public interface Candidate extends AutoCloseable {
    /**
     * Begins to consume the topic from its start, or where its group stands if that ran before.
     *
     * @param settings what to consume, and within which bounds
     */
    void start(Settings settings);

    /** Its own figures, at any time after the start; asking must be cheap. */
    Figures figures();

    /** Ends the running calls, commits and leaves the group. */
    @Override
    void close();

    /**
     * What to consume, and within which bounds.
     *
     * @param bootstrap where the broker is
     * @param topic an existing topic
     * @param name of the subscription, {@code [a-z][a-z0-9-]*}; the group is derived from it
     * @param maxInFlight records that may be given to handlers at the same time, 1 or more
     * @param maxHeld records that may be received and unfinished, at least as many as in flight
     * @param batch most records of one call, 1 to {@code maxInFlight}
     * @param handler where the events go
     */
    record Settings(
            String bootstrap,
            String topic,
            String name,
            int maxInFlight,
            int maxHeld,
            int batch,
            Handler<Event> handler) {}

    /**
     * What a candidate says of itself.
     *
     * @param held records received and not yet finished
     * @param mostHeld the most there ever were
     * @param done records finished
     */
    record Figures(int held, int mostHeld, long done) {}
}
