package mallstream.kafka.consume.core;

/**
 * What the engine wants done. It is called from inside of the engine, so nothing here may wait or call back; what comes
 * of it is told to the engine later.
 *
 * @param <R> the records
 */
public interface Effects<R> {
    /**
     * Give the call to the handler, on a thread of its own. Say {@link Call#started}, then answer with one of
     * {@link Engine#completed}, {@link Engine#failed} and {@link Engine#unavailable}.
     */
    void begin(Call<R> call);

    /** The call has used up its time: interrupt it. It is answered for all the same. */
    void interrupt(Call<R> call);

    /** Put the record into the dead-letter topic. Answer with {@link Engine#buried} or {@link Engine#burialFailed}. */
    void bury(Held<R> record, Doom doom);

    /** A record is finished. */
    void finished(Held<R> record, Ending ending);

    /** A record failed and will be tried again. */
    void retried(Held<R> record);

    /** A call outlived its interrupt: its lanes are closed until it ends, its place in flight is free again. */
    void closed(Call<R> call);
}
