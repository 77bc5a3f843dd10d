package mallstream.benchmarks.members;

import mallstream.benchmarks.Child;
import mallstream.benchmarks.Out;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Relays the outbox in a JVM of its own. */
final class RunRelay {
    private static final String READY = "ready";

    private RunRelay() {}

    /**
     * Starts it and waits until it relays.
     *
     * @param database where it is
     * @param bootstrap where the broker is
     * @param partitions of the topics, where they are missing
     * @param options of its JVM
     */
    static Child start(String database, String bootstrap, int partitions, String options) {
        Child child = Child.start(RunRelay.class, options, database, bootstrap, Integer.toString(partitions));
        child.line(READY);
        return child;
    }

    /** @param words see {@link #start} */
    public static void main(String[] words) {
        AnnotationConfigApplicationContext context = RelayHouse.start(words[0], words[1], Integer.parseInt(words[2]));
        Out.print(READY);
        Child.awaitEnd();
        context.close();
        Runtime.getRuntime().halt(0);
    }
}
