package mallstream.conformance;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A library that consumes a topic, as the scenarios see it. */
public interface Subject {
    /** What it is called. */
    String name();

    /**
     * @param topic a topic
     * @return the consumer group in which it consumes that topic
     */
    String group(String topic);

    /**
     * Starts a member of the group. It reads from the start of the topic, or where the group stands.
     *
     * @param setup what to consume, and how
     * @return the member; it need not have joined yet
     */
    Member start(Setup setup);

    /**
     * What it does not promise, so that nobody can blame it.
     *
     * @param scenario what happens
     * @param protocol how the group agrees
     * @param oracle what would be expected
     * @return why it is not promised, with the source; null: it is promised
     */
    default @Nullable String notClaimed(Scenario scenario, Protocol protocol, Oracle oracle) {
        return null;
    }

    /** One member of a group. */
    interface Member extends AutoCloseable {
        /** Has it begin no more records; returns when it knows. */
        void pause();

        /** Takes {@link #pause} back. */
        void resume();

        /**
         * Moves the group while its members stay; they are paused.
         *
         * @param to by partition the offset to go on from
         * @return whether it was done; false: it can't be done with members in the group
         */
        default boolean move(Map<Integer, Long> to) {
            return false;
        }

        /** Ends the running calls, commits and leaves the group; returns when it has left. */
        @Override
        void close();
    }

    /** Where records go. */
    @FunctionalInterface
    interface Handler {
        /**
         * Handles one record; any number of threads may call it.
         *
         * @param partition its partition
         * @param offset its offset
         * @param key its key
         * @throws InterruptedException if the call was interrupted
         * @throws IllegalStateException if the record failed; it is to be tried again, {@link Setup#attempts} times in all
         */
        void handle(int partition, long offset, String key) throws InterruptedException;
    }
}
