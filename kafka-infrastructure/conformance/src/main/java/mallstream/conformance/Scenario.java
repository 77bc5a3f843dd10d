package mallstream.conformance;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mallstream.conformance.Event.Place;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** What happens to a subject. All waiting is for something to become true; what never does is found by {@link Oracle#END}. */
public enum Scenario {
    /** Three members, each replaced in turn, from the half of 10,000 records on, over 8 partitions and 100 keys. */
    ROLLING("rolling restart of 3 members at half of 10,000 records", true) {
        @Override
        void play(Run run, Random random) {
            run.topic(8, 100, Map.of());
            run.slow(4);
            run.send(5_000);
            List<String> members = List.of(run.start(), run.start(), run.start());
            run.awaitDone(4_500);
            for (String each : members) {
                run.send(1_000);
                run.stop(each);
                run.send(500);
                String next = run.start();
                run.await("a new member's partitions", () -> run.history.assigned(next) > 0);
            }
            run.send(500);
            run.awaitCommitted();
        }
    },
    /** Up to three members, toggled at random while records come. */
    TOGGLED("3 members toggled 12 times at random, 1 % of calls take 500 ms", true) {
        @Override
        void play(Run run, Random random) {
            run.topic(8, 100, Map.of());
            run.slow(4);
            run.stragglers();
            String[] slots = {run.start(), "", ""};
            for (int toggle = 0; toggle < 12; toggle++) {
                run.send(300);
                int wanted = run.history.done() + random.nextInt(300);
                if (!run.members().isEmpty()) {
                    run.await(2, () -> run.history.done() >= wanted);
                }
                int slot = random.nextInt(slots.length);
                if (run.members().contains(slots[slot])) {
                    run.stop(slots[slot]);
                } else {
                    slots[slot] = run.start();
                }
            }
            run.start();
            run.awaitCommitted();
        }
    },
    /** The first record of each partition blocks; what is finished above it must not come again after a restart. */
    GAPS("restart with gaps: 4 blocked records, 1,800 finished above them", true) {
        @Override
        void play(Run run, Random random) {
            run.topic(4, 40, Map.of());
            List<Place> sent = run.send(2_000);
            run.block(firsts(sent));
            String first = run.start();
            boolean above = run.await(OTHERS_SECONDS, () -> run.history.done() >= 1_800);
            Set<Place> done = sent.stream().filter(run.history::done).collect(Collectors.toCollection(HashSet::new));
            if (!above) {
                run.found(Oracle.OTHERS, done.size() + " of 1800 were finished above blocked ones");
            }
            run.stop(first);
            run.unblock();
            run.start();
            run.awaitCommitted();
            long repeated =
                    done.stream().filter(each -> run.history.begun(each) > 1).count();
            if (repeated > 0) {
                run.found(
                        Oracle.REPEATED, repeated + " of " + done.size() + " finished ones came again after a restart");
            }
        }
    },
    /** The group's offsets are moved and removed. */
    MOVED("offsets moved down, up and removed", false) {
        @Override
        void play(Run run, Random random) {
            run.topic(4, 40, Map.of());
            List<Place> first = run.send(800);
            String member = run.start();
            run.awaitCommitted();

            run.pause(member);
            member = run.move(member, offsets(run, 100));
            List<Place> again =
                    first.stream().filter(each -> each.offset() >= 100).toList();
            if (!run.await(Run.PATIENCE_SECONDS, () -> again.stream().allMatch(each -> run.history.begun(each) > 1))) {
                long begun = again.stream()
                        .filter(each -> run.history.begun(each) > 1)
                        .count();
                run.found(Oracle.FOLLOWED, "down: " + begun + " of " + again.size() + " came again");
            }
            run.awaitCommitted();

            run.pause(member);
            List<Place> next = run.send(400);
            member = run.move(member, offsets(run, 250));
            run.awaitCommitted();
            long skipped = next.stream()
                    .filter(each -> each.offset() < 250 && run.history.begun(each) > 0)
                    .count();
            if (skipped > 0) {
                run.found(Oracle.FOLLOWED, "up: " + skipped + " of 200 came that were to be skipped");
            }

            run.stop(member);
            run.forget();
            run.send(400);
            run.start();
            run.awaitCommitted();
        }
    },
    /** Retention overtakes a member: some of the records that it was to get are gone. */
    REMOVED("records removed before they were read", false) {
        @Override
        void play(Run run, Random random) {
            run.topic(4, 40, Map.of());
            run.send(400);
            String member = run.start();
            run.awaitCommitted();
            run.pause(member);
            // A fetch that was on its way has come back by then, and brings none of these.
            run.awaitPolls(member, 10);
            run.send(400);
            Map<TopicPartition, RecordsToDelete> below = new HashMap<>();
            offsets(run, 150)
                    .forEach((partition, offset) ->
                            below.put(run.partition(partition), RecordsToDelete.beforeOffset(offset)));
            run.history.add(new Event.Removed(offsets(run, 150)));
            Run.get(run.admin.deleteRecords(below).all().toCompletionStage().toCompletableFuture());
            run.resume(member);
            if (!run.await(OTHERS_SECONDS, run::stands)) {
                run.found(Oracle.ALONE, "stood still at 200 removed records until its group was moved by hand");
                run.moveByHand(member, offsets(run, 150));
            }
            run.awaitCommitted();
        }
    },
    /** Transactions, each third aborted, also the last one; hidden are only those that are aborted. */
    COMMITTED("transaction markers, read_committed", false) {
        @Override
        void play(Run run, Random random) {
            transactions(run, "read_committed");
        }
    },
    /** The same, and nothing is hidden. */
    UNCOMMITTED("transaction markers, read_uncommitted", false) {
        @Override
        void play(Run run, Random random) {
            transactions(run, "read_uncommitted");
        }
    },
    /** Most offsets of the topic have no record any more. */
    COMPACTED("compacted topic with holes", false) {
        @Override
        void play(Run run, Random random) {
            run.topic(
                    1,
                    7,
                    Map.of(
                            "cleanup.policy",
                            "compact",
                            "segment.ms",
                            "1000",
                            "min.cleanable.dirty.ratio",
                            "0.01",
                            "min.compaction.lag.ms",
                            "0"));
            long begin = System.currentTimeMillis() - 1_000_000;
            for (int i = 0; i < 600; i++) {
                ProducerRecord<String, String> each = run.record(0, "key-" + (i < 500 ? i % 7 : i % 50 + 7));
                // Each twenty get a segment of their own, by their time stamps, which a batch has one of.
                run.send(List.of(
                        new ProducerRecord<>(each.topic(), 0, begin + i / 20 * 2_000L, each.key(), each.value())));
            }
            run.until("compaction", () -> run.read().size() < 150);
            ConfigResource topic = new ConfigResource(
                    ConfigResource.Type.TOPIC, run.partition(0).topic());
            // From now on the topic stays as it is.
            AlterConfigOp freeze =
                    new AlterConfigOp(new ConfigEntry("cleanup.policy", "delete"), AlterConfigOp.OpType.SET);
            Run.get(run.admin
                    .incrementalAlterConfigs(Map.of(topic, List.of(freeze)))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture());
            List<Integer> sizes = new ArrayList<>(List.of(-1));
            run.until("the end of compaction", () -> {
                sizes.add(run.read().size());
                return sizes.get(sizes.size() - 1).equals(sizes.get(sizes.size() - 2));
            });
            run.visible(run.read());
            run.start();
            run.awaitCommitted();
        }
    },
    /** A paused member loses half of its partitions and gets them back; the pause outlives it. */
    PAUSED("pause across a rebalance", true) {
        @Override
        void play(Run run, Random random) {
            run.topic(8, 80, Map.of());
            run.send(800);
            String paused = run.start();
            run.awaitCommitted();
            run.pause(paused);
            String other = run.start();
            run.awaitAssigned(other, 4);
            run.send(800);
            run.stop(other);
            run.awaitAssigned(paused, 8);
            run.awaitPolls(paused, 10);
            run.resume(paused);
            run.awaitCommitted();
        }
    },
    /** A key blocks, and floods its partition with more than may be held. */
    FLOODED("one partition flooded behind a blocked record", false) {
        @Override
        void play(Run run, Random random) {
            run.topic(8, 70, Map.of());
            run.held(400);
            run.slow(4);
            List<ProducerRecord<String, String>> flood = IntStream.range(0, 2_000)
                    .mapToObj(any -> run.record(7, "flood"))
                    .toList();
            Place first = run.send(flood).get(0);
            run.block(List.of(first));
            run.start();
            run.await("the flood", () -> run.history.begun(first) > 0);
            List<ProducerRecord<String, String>> others = IntStream.range(0, 700)
                    .mapToObj(i -> run.record(i % 7, "other-" + i % 70))
                    .toList();
            List<Place> sent = run.send(others);
            if (!run.await(OTHERS_SECONDS, () -> sent.stream().allMatch(run.history::done))) {
                long done = sent.stream().filter(run.history::done).count();
                run.found(Oracle.OTHERS, done + " of 700 in other partitions were finished");
            }
            run.unblock();
            run.slow(0);
            run.awaitCommitted();
        }
    },
    /** Members come and go in one JVM, most before they have joined. */
    THREADS("50 life cycles", true) {
        @Override
        void play(Run run, Random random) {
            run.topic(4, 40, Map.of());
            cycles(run, 3);
            Map<String, Integer> before = threads();
            cycles(run, 50);
            List<String> left = new ArrayList<>();
            // Fewer than before: what else ran has left some that were just about to end.
            boolean gone = run.await(OTHERS_SECONDS, () -> {
                left.clear();
                threads().forEach((name, count) -> {
                    int more = count - before.getOrDefault(name, 0);
                    if (more > 0) {
                        left.add(more + " " + name);
                    }
                });
                return left.isEmpty();
            });
            if (!gone) {
                run.found(Oracle.THREADS, "after 50 life cycles " + String.join(", ", left));
            }
            run.start();
            run.awaitCommitted();
        }
    },
    /** Some records always fail; those beside them must not notice. */
    POISON("3 poison records beside 797 healthy ones", false) {
        @Override
        void play(Run run, Random random) {
            run.topic(4, 40, Map.of());
            List<Place> sent = run.send(800);
            List<Place> poison = List.of(sent.get(5), sent.get(142), sent.get(303));
            run.poison(poison);
            run.start();
            run.awaitCommitted();
            long healthy = sent.stream()
                    .filter(each -> !poison.contains(each) && run.history.begun(each) != 1)
                    .count();
            List<Integer> calls = poison.stream().map(run.history::begun).toList();
            if (healthy > 0 || calls.stream().anyMatch(each -> each != Run.ATTEMPTS)) {
                run.found(
                        Oracle.ATTEMPTS,
                        "poison had " + calls + " calls, " + healthy + " healthy ones not exactly one");
            }
        }
    };

    private static final long OTHERS_SECONDS = 10;

    private final String words;
    private final boolean both;

    Scenario(String words, boolean both) {
        this.words = words;
        this.both = both;
    }

    /** In words. */
    public String words() {
        return words;
    }

    /** The protocols that it is played with: both where it is about who is in the group. */
    public Set<Protocol> protocols() {
        return both ? EnumSet.allOf(Protocol.class) : EnumSet.of(Protocol.CLASSIC);
    }

    abstract void play(Run run, Random random);

    /**
     * Plays it once.
     *
     * @param subject who runs
     * @param protocol how its group agrees
     * @param bootstrap where the broker is, which has no partitions or groups of this name yet
     * @param topic a name that is not taken, {@code [a-z][a-z0-9-]*}
     * @param seed of what is done at random
     * @return what was found wrong
     */
    public List<Finding> play(Subject subject, Protocol protocol, String bootstrap, String topic, long seed) {
        try (Run run = new Run(subject, protocol, bootstrap, topic)) {
            try {
                play(run, new Random(seed));
            } catch (Run.Stalled e) {
                run.found(
                        Oracle.END,
                        e.getMessage() + "; " + run.history.done() + " of "
                                + run.places().size() + " handled");
            }
            run.unblock();
            run.stopAll();
            return run.findings();
        }
    }

    private static List<Place> firsts(List<Place> sent) {
        Map<Integer, Place> first = new TreeMap<>();
        sent.forEach(each -> first.putIfAbsent(each.partition(), each));
        return List.copyOf(first.values());
    }

    private static Map<Integer, Long> offsets(Run run, long offset) {
        Map<Integer, Long> found = new TreeMap<>();
        run.ends().keySet().forEach(each -> found.put(each.partition(), offset));
        return found;
    }

    private static void transactions(Run run, String isolation) {
        run.topic(4, 40, Map.of());
        run.isolation(isolation);
        List<Place> visible = new ArrayList<>();
        try (Producer<String, String> producer = run.producer(
                Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, run.partition(0).topic()))) {
            producer.initTransactions();
            for (int transaction = 0; transaction < 60; transaction++) {
                producer.beginTransaction();
                List<ProducerRecord<String, String>> records = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    records.add(run.record());
                }
                List<Place> sent = Run.send(producer, records);
                boolean aborted = transaction % 3 == 2;
                if (!aborted || isolation.equals("read_uncommitted")) {
                    visible.addAll(sent);
                }
                if (aborted) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        run.visible(visible);
        run.start();
        run.awaitCommitted(OTHERS_SECONDS);
    }

    private static void cycles(Run run, int count) {
        for (int cycle = 0; cycle < count; cycle++) {
            run.send(20);
            String member = run.start();
            if (cycle % 10 == 0) {
                run.awaitAssigned(member, 4);
            }
            run.stop(member);
        }
    }

    /** Platform threads by name without numbers. */
    private static Map<String, Integer> threads() {
        Map<String, Integer> found = new TreeMap<>();
        for (Thread each : Thread.getAllStackTraces().keySet()) {
            found.merge(each.getName().replaceAll("[0-9]+", "#"), 1, Integer::sum);
        }
        return found;
    }
}
