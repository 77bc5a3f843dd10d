package mallstream.benchmarks;

import java.util.List;

/** Sleeps as long as the work says, and tells a watcher of each record. */
final class Working implements Job {
    private final Watcher watcher;
    private final Work work;

    /**
     * @param watcher is told of each record
     * @param work how long it takes
     */
    Working(Watcher watcher, Work work) {
        this.watcher = watcher;
        this.work = work;
    }

    @Override
    public void work(byte[] value) {
        int call = Event.number(value) + 1;
        watcher.begins(value, call);
        if (work != Work.NONE) {
            pause(work.perCall() + work.micros(Event.number(value)));
        }
        watcher.ends(value, call);
    }

    @Override
    public void work(List<byte[]> values) {
        int call = Event.number(values.getFirst()) + 1;
        long micros = work.perCall();
        for (byte[] each : values) {
            watcher.begins(each, call);
            micros += work.micros(Event.number(each));
        }
        pause(micros);
        for (byte[] each : values) {
            watcher.ends(each, call);
        }
    }

    private static void pause(long micros) {
        try {
            Pause.micros(micros);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at work", e);
        }
    }

    /** Is told what a handler does, by its threads. */
    interface Watcher {
        /**
         * A handler begins with a record.
         *
         * @param value its value
         * @param call a number that the records of one call have in common, and no other call that runs; never 0
         */
        void begins(byte[] value, int call);

        /**
         * A handler has ended with a record.
         *
         * @param value its value
         * @param call as when it began
         */
        void ends(byte[] value, int call);
    }
}
