package mallstream.bootstrap.system;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import mallstream.bootstrap.infrastructure.Link;
import mallstream.bootstrap.infrastructure.ProcessInfrastructure;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.GroupState;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import standin.naver.NaverStub;

/**
 * Breaks what a running platform stands on, under load, and looks whether everything was done exactly once and in order:
 * see docs/faults.md. Everything runs on this machine, and each trial has brokers, database and instances of its own.
 *
 * <p>Arguments are the trials, by name; settings are the system properties {@code trial.seed}, {@code trial.minutes},
 * {@code trial.rounds}, {@code trial.members} and {@code trial.kills}. It ends with 1 as the exit code if anything was not
 * as it must be. {@link CampaignTrial} is one of them, though its load is another.
 */
public final class FaultTrials {
    private static final int INSTANCES = 3;
    private static final int SIGN_UPS_PER_SECOND = 8;
    private static final int CHANGES_PER_SECOND = 20;
    /** How long after a trial everything may take to be done. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final List<String> SUBSCRIPTIONS =
            List.of("coupon", "points", "webhook", "notice", "godomall", "shopby");

    private FaultTrials() {}

    /** What is broken. */
    enum Trial {
        /** Instances are killed and frozen at random moments. */
        KILLS,
        /** One broker of three is killed and comes back. */
        BROKERS,
        /** PostgreSQL is stopped and comes back. */
        DATABASE,
        /** One instance loses the network between it and the broker. */
        PARTITION,
        /** Instances are restarted one after the other; groups agree by the classic protocol. */
        ROLLING,
        /** As {@link #ROLLING}, with the protocol of KIP-848. */
        ROLLING_CONSUMER;

        /** How it is called on a command line. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param arguments names of trials; none: all of them
     */
    public static void main(String[] arguments) {
        List<String> wanted = List.of(arguments);
        List<String> known = Stream.concat(
                        Arrays.stream(Trial.values()).map(Trial::word), Stream.of(CampaignTrial.WORD))
                .toList();
        if (!known.containsAll(wanted)) {
            System.out.println("trials are " + String.join(", ", known) + "; several with blanks between them");
            System.exit(2);
        }
        long seed = seed();
        Duration length = Duration.ofSeconds((long) (60 * Double.parseDouble(setting("minutes", "10"))));
        boolean allRight = true;
        for (Trial each : Trial.values()) {
            if (wanted.isEmpty() || wanted.contains(each.word())) {
                try (Run run = new Run(each, seed, length, Integer.parseInt(setting("rounds", "10")))) {
                    allRight &= run.run().isEmpty();
                }
            }
        }
        if (wanted.isEmpty() || wanted.contains(CampaignTrial.WORD)) {
            int members = Integer.parseInt(setting("members", "50000"));
            try (var trial = new CampaignTrial(seed, members, Integer.parseInt(setting("kills", "10")))) {
                allRight &= trial.run().isEmpty();
            }
        }
        System.exit(allRight ? 0 : 1);
    }

    /** The seed that is given, or one from the clock. */
    static long seed() {
        String given = setting("seed", "");
        return given.isEmpty() ? System.currentTimeMillis() % 1_000_000 : Long.parseLong(given);
    }

    private static String setting(String name, String usual) {
        String given = System.getProperty("trial." + name, "");
        return given.isEmpty() ? usual : given;
    }

    /** Prints a line of what the trials found. */
    @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency for a check of ten lines.
    static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** Prints what trials ran on, as rows of their table. */
    static void sayMachine() {
        OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
        say(
                "| processors, mean load of the last minute | %d, %.1f |",
                machine.getAvailableProcessors(), machine.getSystemLoadAverage());
    }

    /** One trial, from the start of its parts to their end. */
    static final class Run implements AutoCloseable {
        private final Trial trial;
        private final long seed;
        private final Duration length;
        private final int rounds;
        private final RandomGenerator random;
        private final ProcessInfrastructure on;
        private final NaverStub naver = new NaverStub();

        private final List<Instance> instances = new ArrayList<>();
        private final AtomicInteger kills = new AtomicInteger();
        private final AtomicInteger freezes = new AtomicInteger();
        private final AtomicInteger others = new AtomicInteger();
        private final CountDownLatch never = new CountDownLatch(1);
        private final Thread atExit = new Thread(this::killAll);
        private @Nullable Effects effects;

        /**
         * @param trial what is broken
         * @param seed of all that is random: the same seed gives the same plan, never quite the same run
         * @param length how long it is broken again and again; a rolling restart takes what it takes
         * @param rounds of rolling restarts
         */
        Run(Trial trial, long seed, Duration length, int rounds) {
            this.trial = trial;
            this.seed = seed;
            this.length = length;
            this.rounds = rounds;
            this.random = new SplittableRandom(seed);
            say("%s: seed %d, again with -Dtrial.seed=%d", trial.word(), seed, seed);
            on = new ProcessInfrastructure(trial == Trial.BROKERS ? 3 : 1);
            Runtime.getRuntime().addShutdownHook(atExit);
            for (int i = 0; i < INSTANCES; i++) {
                Map<String, String> environment = new HashMap<>(Map.of(
                        "MALLSTREAM_ORDER_NAVER_BASEURL",
                        naver.url().toString(),
                        "MALLSTREAM_ORDER_NAVER_POLLINTERVAL",
                        "1s",
                        "MALLSTREAM_ORDER_NAVER_OVERLAP",
                        "30s",
                        "MALLSTREAM_ORDER_NAVER_ACCOUNTS_0_MALLID",
                        TrialLoad.NAVER_MALL,
                        "MALLSTREAM_ORDER_NAVER_ACCOUNTS_0_CLIENTID",
                        NaverStub.CLIENT_ID,
                        "MALLSTREAM_ORDER_NAVER_ACCOUNTS_0_CLIENTSECRET",
                        NaverStub.CLIENT_SECRET,
                        "MALLSTREAM_ORDER_NAVER_ACCOUNTS_0_TYPE",
                        "SELF",
                        "MALLSTREAM_ORDER_NAVER_ACCOUNTS_0_SINCE",
                        Instant.now().minus(Duration.ofMinutes(2)).toString()));
                if (trial == Trial.ROLLING_CONSUMER) {
                    SUBSCRIPTIONS.forEach(name -> environment.put(
                            "MALLSTREAM_CONSUME_" + name.toUpperCase(Locale.ROOT) + "_GROUPPROTOCOL", "consumer"));
                } else {
                    environment.putAll(Jar.SHORT_SESSIONS);
                }
                if (trial == Trial.BROKERS) {
                    environment.put("MALLSTREAM_TOPICS_REPLICATION", "3");
                    environment.put("MALLSTREAM_TOPICS_MININSYNCREPLICAS", "2");
                }
                if (trial == Trial.PARTITION && i == 0) {
                    environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", on.linkedServers());
                }
                instances.add(new Instance(on, environment));
            }
        }

        ProcessInfrastructure on() {
            return on;
        }

        /** What the trial's load did; after {@link #run}. */
        Effects effects() {
            return requireNonNull(effects);
        }

        /**
         * Runs it and prints its figures.
         *
         * @return all that was not as it must be, in words
         */
        List<String> run() {
            instances.forEach(Instance::start);
            instances.forEach(Instance::awaitReady);
            var load = new TrialLoad(on, instances, naver, random, SIGN_UPS_PER_SECOND, CHANGES_PER_SECOND);
            var watch = new Watch(instances);
            Instant started = Instant.now();
            try (watch) {
                try (load) {
                    switch (trial) {
                        case KILLS -> kills();
                        case BROKERS -> brokers();
                        case DATABASE -> database();
                        case PARTITION -> partition();
                        case ROLLING, ROLLING_CONSUMER -> rolling();
                    }
                }
            }
            Duration took = Duration.between(started, Instant.now());
            Effects found = new Effects(on, load);
            effects = found;
            List<String> problems = awaitDone(found);
            instances.forEach(each -> each.life().readFigures());
            report(took, load, watch.gaps(), found, problems);
            return problems;
        }

        private static List<String> awaitDone(Effects effects) {
            try {
                await("everything is done")
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> effects.problems().isEmpty());
                return List.of();
            } catch (ConditionTimeoutException e) {
                return effects.problems();
            }
        }

        /** Plans first: what comes when, to whom and for how long is the seed's alone. */
        private void kills() {
            record Blow(long afterMillis, boolean kill, int victim, long lastsMillis) {}
            List<Blow> plan = new ArrayList<>();
            long at = 0;
            while (at < length.toMillis()) {
                boolean kill = random.nextBoolean();
                long after = random.nextLong(3_000, 12_000);
                plan.add(new Blow(after, kill, random.nextInt(INSTANCES), random.nextLong(500, kill ? 3_000 : 15_000)));
                at += after;
            }
            Map<Instance, Thread> busy = new HashMap<>();
            for (Blow each : plan) {
                rest(each.afterMillis());
                busy.values().removeIf(thread -> !thread.isAlive());
                List<Instance> free = instances.stream()
                        .filter(instance -> !busy.containsKey(instance))
                        .toList();
                // One stays untouched, so that there is always somebody to go on.
                if (free.size() > 1) {
                    Instance victim = free.get(each.victim() % free.size());
                    busy.put(
                            victim,
                            Thread.ofVirtual()
                                    .start(
                                            each.kill()
                                                    ? () -> kill(victim, each.lastsMillis())
                                                    : () -> freeze(victim, each.lastsMillis())));
                }
            }
            busy.values().forEach(Run::join);
            instances.forEach(Instance::awaitReady);
        }

        private void kill(Instance victim, long millis) {
            victim.kill();
            kills.incrementAndGet();
            rest(millis);
            victim.start();
        }

        private void freeze(Instance victim, long millis) {
            Jar jar = victim.life().jar;
            jar.freeze();
            freezes.incrementAndGet();
            rest(millis);
            jar.thaw();
        }

        private void brokers() {
            Instant end = Instant.now().plus(length);
            try (Admin admin = admin()) {
                while (Instant.now().isBefore(end)) {
                    rest(random.nextLong(3_000, 8_000));
                    int broker = random.nextInt(3);
                    on.killBroker(broker);
                    others.incrementAndGet();
                    rest(random.nextLong(3_000, 15_000));
                    on.startBroker(broker);
                    await("all copies are in step again")
                            .atMost(PATIENCE)
                            .ignoreExceptionsInstanceOf(ExecutionException.class)
                            .until(() -> inStep(admin));
                }
            }
        }

        private static boolean inStep(Admin admin) throws ExecutionException, InterruptedException {
            return admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition ->
                            partition.isr().size() == partition.replicas().size());
        }

        private void database() {
            Instant end = Instant.now().plus(length);
            while (Instant.now().isBefore(end)) {
                rest(random.nextLong(5_000, 15_000));
                on.stopDatabase();
                others.incrementAndGet();
                try {
                    rest(random.nextLong(1_000, 12_000));
                } finally {
                    on.startDatabase();
                }
            }
        }

        private void partition() {
            Instant end = Instant.now().plus(length);
            Instance alone = instances.getFirst();
            try (Admin admin = admin()) {
                while (Instant.now().isBefore(end)) {
                    rest(random.nextLong(3_000, 8_000));
                    alone.cutOff(true);
                    on.links().forEach(Link::cut);
                    others.incrementAndGet();
                    awaitMembers(admin, INSTANCES - 1);
                    rest(random.nextLong(3_000, 15_000));
                    on.links().forEach(Link::mend);
                    awaitMembers(admin, INSTANCES);
                    alone.cutOff(false);
                    alone.awaitReady();
                }
            }
        }

        /** Waits until every group is stable with so many members. */
        private static void awaitMembers(Admin admin, int members) {
            List<String> groups = List.copyOf(Effects.TOPIC_OF_GROUP.keySet());
            await(members + " members in each group")
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(ExecutionException.class)
                    .until(() -> admin.describeConsumerGroups(groups).all().get().values().stream()
                            .allMatch(group -> group.groupState() == GroupState.STABLE
                                    && group.members().size() == members));
        }

        private void rolling() {
            for (int round = 0; round < rounds; round++) {
                for (Instance each : instances) {
                    each.stop();
                    others.incrementAndGet();
                    each.start();
                    each.awaitReady();
                }
            }
        }

        private Admin admin() {
            return Admin.create(Map.of("bootstrap.servers", on.bootstrapServers()));
        }

        /** Lets time pass in which nothing is broken, or something is. */
        private void rest(long millis) {
            try {
                boolean ended = never.await(millis, TimeUnit.MILLISECONDS);
                if (ended) {
                    throw new IllegalStateException("closed");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private long total(Instance.Figure figure) {
            return instances.stream().mapToLong(each -> each.total(figure)).sum();
        }

        private void report(Duration took, TrialLoad load, List<Long> gaps, Effects found, List<String> problems) {
            say("");
            say("| trial | %s |", trial.word());
            say("|---|---|");
            say("| seed | %d |", seed);
            sayMachine();
            say("| under load for | %d s |", took.toSeconds());
            switch (trial) {
                case KILLS -> say("| instances killed, frozen | %d, %d |", kills.get(), freezes.get());
                case BROKERS -> say("| brokers killed and brought back | %d |", others.get());
                case DATABASE -> say("| database stopped and started | %d |", others.get());
                case PARTITION -> say("| cut off and healed | %d |", others.get());
                case ROLLING, ROLLING_CONSUMER ->
                    say("| rolling restarts, instances restarted | %d, %d |", rounds, others.get());
            }
            say("| sign-ups answered 201 | %d |", load.signedUp().size());
            say(
                    "| orders, their changes | %d, %d |",
                    load.changes().stream()
                            .map(TrialLoad.Change::order)
                            .distinct()
                            .count(),
                    load.changes().size());
            say(
                    "| orders that were pulled; calls for lists, for details | %d; %d, %d |",
                    load.changedAtNaver().size(),
                    naver.calls().getOrDefault("changes", 0),
                    naver.calls().getOrDefault("details", 0));
            say("| records finished | %d |", total(Instance.Figure.FINISHED));
            say(
                    "| of them handled before; sign-ups published twice | %d; %d |",
                    total(Instance.Figure.ALREADY_DONE), found.publishedTwice());
            say("| attempts burnt | %d |", total(Instance.Figure.RETRIES));
            say(
                    "| a partition without an instance: times, median, p99, longest | %d, %s, %s, %s |",
                    gaps.size(), quantile(gaps, 0.5), quantile(gaps, 0.99), quantile(gaps, 1));
            say(
                    "| longest pause of a key: orders, sign-ups | %s, %s |",
                    seconds(found.longestPauseOfOrders().toMillis()),
                    seconds(found.longestPauseOfSignUps().toMillis()));
            say("| not as it must be | %s |", problems.isEmpty() ? "nothing" : String.join("<br>", problems));
            say("");
        }

        private static String quantile(List<Long> sorted, double part) {
            return sorted.isEmpty()
                    ? "none"
                    : seconds(sorted.get(Math.max(0, (int) Math.ceil(part * sorted.size()) - 1)));
        }

        private static String seconds(long millis) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }

        /** Kills all instances for good. */
        void killInstances() {
            instances.forEach(Instance::close);
        }

        private void killAll() {
            killInstances();
            naver.close();
            on.close();
        }

        @Override
        public void close() {
            never.countDown();
            Runtime.getRuntime().removeShutdownHook(atExit);
            killAll();
        }
    }
}
