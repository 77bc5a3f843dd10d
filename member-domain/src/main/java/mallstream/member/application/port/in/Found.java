package mallstream.member.application.port.in;

import java.time.Instant;

/**
 * What is shown of a member.
 *
 * @param <T> what was asked for
 */
public sealed interface Found<T> {
    /**
     * @param value what was asked for
     */
    record Shown<T>(T value) implements Found<T> {}

    /**
     * The member has left.
     *
     * @param at when
     */
    record Gone<T>(Instant at) implements Found<T> {}

    /** The mall has no such member. */
    record Absent<T>() implements Found<T> {}
}
