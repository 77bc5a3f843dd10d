package mallstream.conformance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import mallstream.conformance.Event.Place;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringSerializer;

/** One scenario of one subject: its topic, its members and its history. */
final class Run implements AutoCloseable {
    /** How long something may take before it counts as never. */
    static final long PATIENCE_SECONDS = 30;

    static final int ATTEMPTS = 3;
    private static final long LOOK_NANOS = 20_000_000;

    final History history = new History();
    final Admin admin;
    private final Subject subject;
    private final Protocol protocol;
    private final String bootstrap;
    private final Producer<String, String> producer;
    private final String topic;
    private final Map<String, Live> members = new LinkedHashMap<>();
    private final List<Place> places = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Set<Place> blocked = ConcurrentHashMap.newKeySet();
    private final Set<Place> poison = ConcurrentHashMap.newKeySet();
    private volatile boolean letGo;
    private volatile int longestMillis = 1;
    private volatile boolean stragglers;
    private int partitions;
    private int keys;
    private int started;
    private int numbers;
    private int held = 1000;
    private String isolation = "read_uncommitted";

    /** A member that was started. */
    private record Live(Subject.Member member, Tap tap) {}

    /**
     * @param subject who runs
     * @param protocol how its group agrees
     * @param bootstrap where the broker is
     * @param topic a name that is not taken
     */
    Run(Subject subject, Protocol protocol, String bootstrap, String topic) {
        this.subject = subject;
        this.protocol = protocol;
        this.bootstrap = bootstrap;
        this.topic = topic;
        admin = Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
        producer = producer(Map.of());
    }

    /** A producer of keys and values in UTF-8. */
    Producer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /**
     * Makes the topic.
     *
     * @param count its partitions
     * @param ofKeys how many keys its records will have
     * @param configs of the topic
     */
    void topic(int count, int ofKeys, Map<String, String> configs) {
        partitions = count;
        keys = ofKeys;
        get(admin.createTopics(List.of(new NewTopic(topic, count, (short) 1).configs(configs)))
                .all()
                .toCompletionStage()
                .toCompletableFuture());
        // The controller answers before the broker has heard of it.
        until("the broker knows the topic", () -> {
            try {
                return ends().size() == count;
            } catch (UnknownTopicOrPartitionException e) {
                return false;
            }
        });
    }

    /** Bounds what a member may hold. */
    void held(int most) {
        held = most;
    }

    /** Has members read with this {@code isolation.level}. */
    void isolation(String level) {
        isolation = level;
    }

    /** Has calls take up to so many milliseconds, each record its own time. */
    void slow(int millis) {
        longestMillis = millis;
    }

    /** Has one call of a hundred take half a second. */
    void stragglers() {
        stragglers = true;
    }

    /** The next record. */
    ProducerRecord<String, String> record() {
        int number = numbers++;
        int key = number % keys;
        return new ProducerRecord<>(topic, key % partitions, "key-" + key, "value-" + number);
    }

    /** A record of a partition and key of its own choice. */
    ProducerRecord<String, String> record(int partition, String key) {
        return new ProducerRecord<>(topic, partition, key, "value-" + numbers++);
    }

    /** Sends the next records, and waits until they are there. */
    List<Place> send(int count) {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(record());
        }
        return send(records);
    }

    /** Sends records, and waits until they are there. */
    List<Place> send(List<ProducerRecord<String, String>> records) {
        List<Place> sent = send(producer, records);
        places.addAll(sent);
        return sent;
    }

    /** Sends records that may be hidden, and waits until they are there. */
    static List<Place> send(Producer<String, String> by, List<ProducerRecord<String, String>> records) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ProducerRecord<String, String> each : records) {
            sent.add(by.send(each));
        }
        by.flush();
        List<Place> found = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            RecordMetadata at = get(sent.get(i));
            found.add(new Place(at.partition(), at.offset(), records.get(i).key()));
        }
        return found;
    }

    /** Says which records are visible, where it was not this that sent them. */
    void visible(List<Place> all) {
        places.clear();
        places.addAll(all);
    }

    /** Has the calls for these records wait until their member stops, or {@link #unblock}. */
    void block(List<Place> some) {
        blocked.addAll(some);
    }

    /** Has the calls for these records fail. */
    void poison(List<Place> some) {
        poison.addAll(some);
    }

    /** Lets all waiting calls end well. */
    void unblock() {
        blocked.clear();
    }

    /**
     * Starts a member.
     *
     * @return its name
     */
    String start() {
        String name = "m" + ++started;
        letGo = false;
        Tap tap = new Tap(name, topic, history);
        Setup setup = new Setup(
                bootstrap,
                topic,
                subject.group(topic),
                name,
                protocol,
                isolation,
                16,
                held,
                ATTEMPTS,
                tap,
                (partition, offset, key) -> handle(name, new Place(partition, offset, key)));
        members.put(name, new Live(subject.start(setup), tap));
        return name;
    }

    private void handle(String member, Place place) throws InterruptedException {
        history.add(new Event.Begun(member, place));
        boolean done = false;
        try {
            while (blocked.contains(place)) {
                if (letGo) {
                    throw new IllegalStateException("its member stops");
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
            boolean straggles = stragglers && Math.floorMod(place.hashCode(), 100) == 0;
            TimeUnit.MILLISECONDS.sleep(straggles ? 500 : Math.floorMod(place.hashCode(), longestMillis + 1));
            if (poison.contains(place)) {
                throw new IllegalStateException("poison");
            }
            done = true;
        } finally {
            history.add(new Event.Ended(member, place, done));
        }
    }

    /** Stops a member; calls that wait fail. */
    void stop(String member) {
        letGo = true;
        Live live = members.remove(member);
        if (live == null) {
            return;
        }
        try {
            live.member().close();
        } catch (RuntimeException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            found(
                    Oracle.CLOSE,
                    "stopping " + member + " failed with " + cause.getClass().getSimpleName());
        }
    }

    /** Stops all members. */
    void stopAll() {
        List.copyOf(members.keySet()).forEach(this::stop);
    }

    /** The members that run. */
    List<String> members() {
        return List.copyOf(members.keySet());
    }

    private Live live(String member) {
        Live live = members.get(member);
        if (live == null) {
            throw new IllegalStateException(member + " does not run");
        }
        return live;
    }

    /** Has a member pause. */
    void pause(String member) {
        live(member).member().pause();
        history.add(new Event.Paused(member));
    }

    /** Has a member resume. */
    void resume(String member) {
        history.add(new Event.Resumed(member));
        live(member).member().resume();
    }

    /** Waits until a member's client was asked for records so many times more. */
    void awaitPolls(String member, int more) {
        Tap tap = live(member).tap();
        int wanted = tap.polls() + more;
        await(more + " polls of a member", () -> tap.polls() >= wanted);
    }

    /**
     * Moves the group, with its paused member in it or, where the subject can't do that, while the member is away.
     *
     * @param member the only member, which is paused
     * @param to by partition where to
     * @return the member that runs then, which is not paused
     */
    String move(String member, Map<Integer, Long> to) {
        // It may be found there as soon as the move begins.
        history.add(new Event.Moved(to));
        if (live(member).member().move(to)) {
            resume(member);
            return member;
        }
        history.add(new Event.Resumed(member));
        return moveByHand(member, to);
    }

    /**
     * Moves the group while its only member is away.
     *
     * @param member the only member
     * @param to by partition where to
     * @return the member that runs then
     */
    String moveByHand(String member, Map<Integer, Long> to) {
        history.add(new Event.Moved(to));
        stop(member);
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        to.forEach((partition, offset) -> offsets.put(partition(partition), new OffsetAndMetadata(offset)));
        get(admin.alterConsumerGroupOffsets(subject.group(topic), offsets)
                .all()
                .toCompletionStage()
                .toCompletableFuture());
        return start();
    }

    /** Removes what the group has committed; it has no members. */
    void forget() {
        history.add(new Event.Forgotten());
        get(admin.deleteConsumerGroupOffsets(subject.group(topic), ends().keySet())
                .all()
                .toCompletionStage()
                .toCompletableFuture());
    }

    TopicPartition partition(int number) {
        return new TopicPartition(topic, number);
    }

    /** The offsets that the next records get. */
    Map<TopicPartition, Long> ends() {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int i = 0; i < partitions; i++) {
            asked.put(partition(i), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> found = new HashMap<>();
        get(admin.listOffsets(asked).all().toCompletionStage().toCompletableFuture())
                .forEach((partition, info) -> found.put(partition, info.offset()));
        return found;
    }

    /** Looks where the group stands. */
    Map<Integer, Long> look() {
        Map<Integer, Long> found = new TreeMap<>();
        get(admin.listConsumerGroupOffsets(subject.group(topic))
                        .partitionsToOffsetAndMetadata()
                        .toCompletionStage()
                        .toCompletableFuture())
                .forEach((partition, offset) -> {
                    if (offset != null && partition.topic().equals(topic)) {
                        found.put(partition.partition(), offset.offset());
                    }
                });
        history.add(new Event.Seen(found));
        return found;
    }

    /** Waits until something holds, and looks meanwhile where the group stands. */
    void await(String what, BooleanSupplier holds) {
        if (!await(PATIENCE_SECONDS, holds)) {
            throw new Stalled(what);
        }
    }

    /**
     * Waits for something as {@link #await(String, BooleanSupplier)} does.
     *
     * @return whether it came within so many seconds
     */
    boolean await(long seconds, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            look();
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    /** Waits where there is no group yet to look at. */
    void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new Stalled(what);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Waits until so many different records were handled. */
    void awaitDone(int count) {
        await(count + " records handled", () -> history.done() >= count);
    }

    /** Waits until a member has so many partitions. */
    void awaitAssigned(String member, int count) {
        await(count + " partitions of a member", () -> history.assigned(member) == count);
    }

    /** Waits until the group has committed all of the topic. */
    void awaitCommitted() {
        awaitCommitted(PATIENCE_SECONDS);
    }

    /** Waits as {@link #awaitCommitted()} does, for so many seconds. */
    void awaitCommitted(long seconds) {
        if (!await(seconds, this::stands)) {
            long behind = 0;
            Map<Integer, Long> last = look();
            for (Map.Entry<TopicPartition, Long> each : ends().entrySet()) {
                behind += Math.max(
                        0, each.getValue() - last.getOrDefault(each.getKey().partition(), 0L));
            }
            throw new Stalled(behind + " offsets to be committed", seconds);
        }
    }

    /** Whether the group has committed all of the topic. */
    boolean stands() {
        Map<Integer, Long> last = look();
        return ends().entrySet().stream()
                .allMatch(
                        each -> last.getOrDefault(each.getKey().partition(), 0L).equals(each.getValue()));
    }

    /** Adds what only the scenario can find; the first of an oracle says enough. */
    void found(Oracle oracle, String evidence) {
        if (findings.stream().noneMatch(each -> each.oracle() == oracle)) {
            findings.add(new Finding(oracle, evidence));
        }
    }

    /** What the scenario and the oracles found. */
    List<Finding> findings() {
        List<Place> sorted = new ArrayList<>(places);
        sorted.sort(Comparator.comparingInt(Place::partition).thenComparingLong(Place::offset));
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(new Judge(sorted, held, ATTEMPTS).findings(history.events()));
        return all;
    }

    /** All records that were sent, or that are visible. */
    List<Place> places() {
        return List.copyOf(places);
    }

    /** How many records the topic holds now, at which places, as a reader without a group finds them. */
    List<Place> read() {
        return Reader.read(bootstrap, ends());
    }

    static <T> T get(Future<T> answer) {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker gave no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            stopAll();
        } finally {
            producer.close();
            admin.close();
        }
    }

    /** What the scenario waits for does not come. */
    static final class Stalled extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stalled(String what) {
            this(what, PATIENCE_SECONDS);
        }

        Stalled(String what, long seconds) {
            super("waited " + seconds + " s in vain: " + what);
        }
    }
}
