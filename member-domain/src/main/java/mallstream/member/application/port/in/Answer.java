package mallstream.member.application.port.in;

/**
 * What a caller gets who may ask the same thing twice.
 *
 * @param <T> what was asked for
 */
public sealed interface Answer<T> {
    /**
     * It was done, now or when it was asked the first time.
     *
     * @param value the answer, the same both times
     */
    record Given<T>(T value) implements Answer<T> {}

    /** The key was used before, with another body. */
    record UsedForAnotherBody<T>() implements Answer<T> {}

    /** The first request with this key has not ended yet. */
    record StillRunning<T>() implements Answer<T> {}
}
