package mallstream.benchmarks.incidents;

import java.util.ArrayList;
import java.util.List;
import mallstream.benchmarks.BrokerProcess;
import mallstream.benchmarks.Child;
import mallstream.benchmarks.FillTopic;
import mallstream.benchmarks.Keys;
import mallstream.benchmarks.Load;
import mallstream.benchmarks.Out;
import mallstream.benchmarks.Parameters;
import mallstream.benchmarks.Table;

/** Two million notices meet a task per record in a small heap; then they meet the engine in the same heap. */
public final class OutOfMemory {
    private static final String HEAP = "-Xmx96m";

    private final int inFlight;
    private final int held;
    private final int bounded;
    private final String bootstrap;
    private final Load load;

    private OutOfMemory(Parameters given, String bootstrap, Load load) {
        this.inFlight = 100;
        this.held = 5_000;
        this.bounded = given.number("bounded", 150_000, 20_000);
        this.bootstrap = bootstrap;
        this.load = load;
    }

    /** @param arguments none, or {@code --smoke} */
    public static void main(String[] arguments) {
        Parameters given = Parameters.of(arguments);
        Load load = new Load(given.number("records", 2_000_000, 300_000), 10_000, Keys.UNIFORM);
        try (Child broker = BrokerProcess.start()) {
            String bootstrap = BrokerProcess.address(broker);
            Out.line(
                    "%,d notices are written into a topic of 8 partitions. Each takes its handler 10 ms.",
                    load.records());
            FillTopic.run(bootstrap, load, 8);
            new OutOfMemory(given, bootstrap, load).run();
        }
    }

    private void run() {
        Out.line("%nA task per record, each waits for a semaphore of %,d; %s:", inFlight, HEAP);
        Outcome tasks = service("tasks", load.records());
        Out.line("%nThe engine, the same handler, max-in-flight %,d, max-held %,d; %s:", inFlight, held, HEAP);
        Outcome engine = service("engine", bounded);
        Out.line("");
        Out.print(new Table("", "a task per record", "engine")
                .row("finished", tasks.finished(), engine.finished() + " (stopped there)")
                .row("most received and not finished", tasks.most, engine.most + " of " + Out.text("%,d", held))
                .row("heap after a full collection", tasks.heap(), engine.heap())
                .row("finished per second", tasks.rate(), engine.rate())
                .row("exit code", tasks.exit, engine.exit)
                .row("last words", tasks.words(), engine.words()));
    }

    private Outcome service(String which, int records) {
        Outcome outcome = new Outcome();
        try (Child child = Child.start(
                RunBacklog.class,
                HEAP + " -XX:+ExitOnOutOfMemoryError",
                which,
                bootstrap,
                load.topic(),
                Integer.toString(inFlight),
                Integer.toString(held),
                Integer.toString(records))) {
            child.lines(outcome::hear);
            outcome.exit = String.valueOf(child.ended(20));
        }
        outcome.tell();
        return outcome;
    }

    /** What a service printed. */
    private static final class Outcome {
        private static final int TOLD_SECONDS = 1;

        private final List<String> otherWords = new ArrayList<>();
        private double seconds;
        private double told = -TOLD_SECONDS;
        private long waiting;
        private long finished;
        private long megabytes;
        private String most = "0";
        private long after = -1;
        private String exit = "";

        void hear(String line) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "watch" -> {
                    seconds = Double.parseDouble(words[1]);
                    waiting = Long.parseLong(words[2]);
                    finished = Long.parseLong(words[3]);
                    megabytes = Long.parseLong(words[4]);
                    most = Out.text("%,d", Math.max(waiting, Long.parseLong(most.replace(",", ""))));
                    if (seconds >= told + TOLD_SECONDS) {
                        tell();
                    }
                }
                case "took" -> {
                    seconds = Double.parseDouble(words[1]);
                    finished = Long.parseLong(words[2]);
                }
                case "summary" -> {
                    most = Out.text("%,d", Long.parseLong(words[1]));
                    after = Long.parseLong(words[2]);
                }
                default -> otherWords.add(line);
            }
        }

        void tell() {
            if (seconds > told) {
                told = seconds;
                Out.line(
                        "  %4.1f s  %,9d received and not finished, %,9d finished, %3d MB of the heap in use",
                        seconds, waiting, finished, megabytes);
            }
        }

        String finished() {
            return Out.text("%,d", finished);
        }

        String rate() {
            return Out.text("%,.0f", finished / seconds);
        }

        String heap() {
            return after < 0 ? "it did not come to that" : after + " MB";
        }

        String words() {
            return otherWords.isEmpty() ? "none" : String.join("; ", otherWords);
        }
    }
}
