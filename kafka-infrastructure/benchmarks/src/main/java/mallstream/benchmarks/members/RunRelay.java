package mallstream.benchmarks.members;

import java.util.ArrayList;
import java.util.List;
import mallstream.benchmarks.Child;
import mallstream.benchmarks.Out;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Relays the outbox in a JVM of its own. */
final class RunRelay {
    private static final String READY = "ready";

    private RunRelay() {}

    /**
     * Starts some, one after the other, and waits until each relays. Their clocks are five minutes apart.
     *
     * @param count how many, 1 or more
     * @param database where it is
     * @param bootstrap where the broker is
     * @param partitions of the topics, where they are missing
     * @param options of each one's JVM
     */
    static List<Child> start(int count, String database, String bootstrap, int partitions, String options) {
        List<Child> children = new ArrayList<>();
        for (int clock = 0; clock < count; clock++) {
            Child child = Child.start(
                    RunRelay.class,
                    options,
                    database,
                    bootstrap,
                    Integer.toString(partitions),
                    Integer.toString(clock));
            child.line(READY);
            children.add(child);
        }
        return children;
    }

    /** @param words database, bootstrap and partitions as {@link #start} has them, and which clock */
    public static void main(String[] words) {
        AnnotationConfigApplicationContext context = RelayHouse.start(
                words[0], words[1], Integer.parseInt(words[2]), RelayHouse.clock(Integer.parseInt(words[3])));
        Out.print(READY);
        Child.awaitEnd();
        context.close();
        Runtime.getRuntime().halt(0);
    }
}
