package mallstream.kafka.consume.core;

import org.jspecify.annotations.Nullable;

/** What came of a call, for {@link Engine#ended}. */
public sealed interface Answer {
    /**
     * The handler answered.
     *
     * @param outcomes an outcome per record; null, or missing at the end: the answer does not cover it, it has failed
     */
    @SuppressWarnings("ArrayRecordComponent") // Made once, read once; a list would be one more object per call.
    record Completed(@Nullable Outcome[] outcomes) implements Answer {}

    /**
     * The call failed as a whole, and it does not say whose fault it was.
     *
     * @param doom what is said where a record was alone and that was its last attempt
     */
    record Failed(Doom doom) implements Answer {}

    /**
     * The infrastructure behind the handler failed: it is nobody's fault.
     *
     * @param what what failed, in words without personal data
     */
    record Unavailable(String what) implements Answer {}
}
