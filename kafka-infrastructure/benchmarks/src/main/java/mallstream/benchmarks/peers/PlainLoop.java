package mallstream.benchmarks.peers;

/** The handler is called in the loop: what the client gives at most. */
public final class PlainLoop extends PollLoop {
    @Override
    void record(byte[] value, Settings settings) {
        settings.job().work(value);
    }
}
