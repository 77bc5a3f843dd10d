package mallstream.bootstrap.system;

import static mallstream.bootstrap.system.FaultTrials.say;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import mallstream.bootstrap.infrastructure.ProcessInfrastructure;
import org.awaitility.core.ConditionTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import standin.gateway.GatewayStub;
import standin.gateway.Loss;
import tools.jackson.databind.JsonNode;

/**
 * A campaign of notices, by a gateway that loses one answer of ten in all its ways, while instances are killed: does
 * everybody get one notice? Then others who fail repeat personal data, errors are provoked with such data in them, and all
 * that the platform let out since it was started is searched for the people who went in.
 */
final class CampaignTrial implements AutoCloseable {
    /** How it is called on a command line. */
    static final String WORD = "campaign";

    private static final int INSTANCES = 3;
    private static final String MALL = "mall-campaign";
    /** People of one call: few, so that there are many calls. */
    private static final int CALL = 50;
    /** Calls of one instance at the same time; a kill leaves no more of them without an answer. */
    private static final int AT_ONCE = 2;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final long seed;
    private final int members;
    private final int kills;
    private final RandomGenerator random;
    private final ProcessInfrastructure on = new ProcessInfrastructure(1);
    // Later listed than taken, as at a real one: who asks too early would send again.
    private final GatewayProcess gateway = new GatewayProcess("latency=500", "lose-every=10", "listed-after=1000");
    private final Strangers strangers = Leaks.strangers();
    private final List<Instance> instances = new ArrayList<>();
    private final Leaks leaks;
    private final Map<Instance, CompletableFuture<Void>> away = new HashMap<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final Thread atExit = new Thread(this::killAll);
    private String campaign = "";
    private long mostUnknown;

    /**
     * One kill.
     *
     * @param share of the people that have got their notice when it comes
     * @param afterMillis and so much later
     * @param victim which of the instances that are up
     * @param awayMillis how long it stays away
     */
    private record Blow(double share, long afterMillis, int victim, long awayMillis) {}

    /**
     * @param seed of all that is random: the same seed gives the same plan, never quite the same run
     * @param members who get a notice
     * @param kills how often an instance is killed
     */
    CampaignTrial(long seed, int members, int kills) {
        this.seed = seed;
        this.members = members;
        this.kills = kills;
        this.random = new SplittableRandom(seed);
        say("%s: seed %d, again with -Dtrial.seed=%d", WORD, seed, seed);
        Runtime.getRuntime().addShutdownHook(atExit);
        Map<String, String> environment = new HashMap<>(Map.of(
                "MALLSTREAM_NOTICE_CALLLEASE",
                "40s",
                "MALLSTREAM_NOTICE_SETTLE",
                "3s",
                "MALLSTREAM_NOTICE_STALL",
                "10s",
                "MALLSTREAM_NOTICE_GATEWAY_BASEURL",
                gateway.url(),
                "MALLSTREAM_NOTICE_GATEWAY_APPKEY",
                GatewayStub.APP_KEY,
                "MALLSTREAM_NOTICE_GATEWAY_SECRETKEY",
                GatewayStub.SECRET_KEY,
                "MALLSTREAM_NOTICE_GATEWAY_SENDERKEY",
                GatewayStub.SENDER_KEY,
                "MALLSTREAM_NOTICE_GATEWAY_TIMEOUT",
                "5s",
                "MALLSTREAM_CONSUME_NOTICE_BATCH_MAXSIZE",
                Integer.toString(CALL),
                "MALLSTREAM_CONSUME_NOTICE_MAXINFLIGHT",
                Integer.toString(AT_ONCE)));
        environment.putAll(Jar.SHORT_SESSIONS);
        environment.putAll(strangers.settings());
        for (int i = 0; i < INSTANCES; i++) {
            instances.add(new Instance(on, environment));
        }
        leaks = new Leaks(on, instances);
    }

    ProcessInfrastructure on() {
        return on;
    }

    GatewayProcess gateway() {
        return gateway;
    }

    Leaks leaks() {
        return leaks;
    }

    List<Instance> instances() {
        return instances;
    }

    /**
     * Runs it and prints its figures.
     *
     * @return all that was not as it must be, in words
     */
    List<String> run() {
        instances.forEach(Instance::start);
        instances.forEach(Instance::awaitReady);
        Leaks.addMembers(on, MALL, members);
        Instant started = Instant.now();
        campaign = instances
                .getFirst()
                .life()
                .api
                .post(
                        "/api/notice-campaigns",
                        "{\"mallId\":\"%s\",\"year\":2026,\"channel\":\"alimtalk\",\"template\":\"PRIVACY\"}"
                                .formatted(MALL))
                .text("campaignId");
        kill(plan());
        List<String> problems = new ArrayList<>(awaitEnd());
        Duration took = Duration.between(started, Instant.now());
        problems.addAll(leaks.deadLetters());
        leaks.meet(instances.getFirst(), gateway, strangers);
        leaks.provoke(instances.getFirst());
        problems.addAll(leaks.found());
        report(took, problems);
        return problems;
    }

    /** What comes when, to whom and for how long is the seed's alone. */
    private List<Blow> plan() {
        return Stream.generate(() -> new Blow(
                        random.nextDouble(0.95),
                        random.nextLong(500),
                        random.nextInt(INSTANCES),
                        random.nextLong(3_000)))
                .limit(kills)
                .sorted(Comparator.comparingDouble(Blow::share))
                .toList();
    }

    /** Only instances that are up are killed, for the others make no calls; all may be away at once. */
    private void kill(List<Blow> plan) {
        for (Blow each : plan) {
            await("a share of the notices")
                    .atMost(PATIENCE)
                    .until(() -> look().path("sent").asLong() >= each.share() * members);
            rest(each.afterMillis());
            await("an instance is up").atMost(PATIENCE).until(() -> !up().isEmpty());
            Instance victim = up().get(each.victim() % up().size());
            leaks.keepMetrics(victim);
            victim.kill();
            away.put(
                    victim,
                    CompletableFuture.runAsync(() -> bringBack(victim, each.awayMillis()), Thread::startVirtualThread));
        }
        away.values().forEach(CompletableFuture::join);
    }

    private void bringBack(Instance victim, long millis) {
        rest(millis);
        victim.start();
        victim.awaitReady();
    }

    private List<Instance> up() {
        away.values().removeIf(back -> {
            if (back.isDone()) {
                back.join();
            }
            return back.isDone();
        });
        return instances.stream().filter(each -> !away.containsKey(each)).toList();
    }

    /** Reads the gateway's figures, and lets it lose answers in another way from now on. */
    private JsonNode look() {
        Loss[] all = Loss.values();
        mostUnknown = Math.max(
                mostUnknown,
                database()
                        .sql("select coalesce(sum(unknown), 0) from member.notice_progress")
                        .query(Long.class)
                        .single());
        return gateway.set("loss", all[random.nextInt(all.length)].name());
    }

    private List<String> awaitEnd() {
        try {
            await("the campaign is done").atMost(PATIENCE).until(() -> {
                look();
                return progress().path("state").asString().equals("done");
            });
        } catch (ConditionTimeoutException e) {
            // What is missing is said below.
        }
        return problems();
    }

    /**
     * All that is not as it must be, in words; empty: the gateway sent each member one message and nobody else any; each
     * member has one row, and it is accepted; the campaign is done and its figures are those of its rows; no call is open;
     * and only such calls were looked up whose answer the gateway lost, or whose sender was killed.
     */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        JsonNode sends = gateway.figures();
        expect(problems, "messages sent", members, sends.path("sent").asLong());
        expect(
                problems,
                "rows a message was sent for",
                members,
                sends.path("rows").asLong());
        expect(problems, "people reached", members, sends.path("phones").asLong());
        Map<String, Long> rows = rows();
        expect(
                problems,
                "rows",
                members,
                rows.values().stream().mapToLong(each -> each).sum());
        JsonNode progress = progress();
        expect(problems, "the campaign", "done", progress.path("state").asString());
        expect(problems, "the campaign's total", members, progress.path("total").asLong());
        for (String each : List.of("ready", "sending", "accepted", "rejected", "unknown")) {
            long wanted = each.equals("accepted") ? members : 0;
            long found = rows.getOrDefault(each.toUpperCase(Locale.ROOT), 0L);
            expect(problems, "rows that are " + each, wanted, found);
            expect(
                    problems,
                    "the campaign's figure " + each,
                    found,
                    progress.path(each).asLong());
        }
        expect(problems, "open calls", 0, calls("ended_at is null"));
        long lost = sends.path("lost").asLong();
        long lookedUp = calls("look_ups > 0");
        if (lookedUp < lost || lookedUp > lost + (long) kills * AT_ONCE) {
            problems.add("%d calls were looked up, but %d answers were lost and %d instances killed"
                    .formatted(lookedUp, lost, kills));
        }
        return problems;
    }

    private static void expect(List<String> problems, String what, Object wanted, Object found) {
        if (!wanted.toString().equals(found.toString())) {
            problems.add("%s: %s and not %s".formatted(what, found, wanted));
        }
    }

    private JsonNode progress() {
        return instances
                .getFirst()
                .life()
                .jar
                .api()
                .get("/api/notice-campaigns/" + campaign)
                .json();
    }

    private Map<String, Long> rows() {
        Map<String, Long> rows = new HashMap<>();
        database()
                .sql("select state, count(*) from member.notice_recipient where campaign_id = ? group by state")
                .param(UUID.fromString(campaign))
                .query(row -> {
                    rows.put(row.getString(1), row.getLong(2));
                });
        return rows;
    }

    private long calls(String which) {
        return database()
                .sql("select count(*) from member.notice_call where campaign_id = ? and " + which)
                .param(UUID.fromString(campaign))
                .query(Long.class)
                .single();
    }

    /** Calls that were looked up. */
    long lookedUp() {
        return calls("look_ups > 0");
    }

    /** A row of the campaign and the phone of its member. */
    Map.Entry<String, String> aNotice() {
        return database()
                .sql("""
                        select r.id, m.phone from member.notice_recipient r join member.member m on m.id = r.member_id
                        where r.campaign_id = ? order by r.id limit 1""")
                .param(UUID.fromString(campaign))
                .query((row, n) -> Map.entry(row.getString(1), row.getString(2)))
                .single();
    }

    private JdbcClient database() {
        return Database.open(on);
    }

    private void report(Duration took, List<String> problems) {
        JsonNode sends = gateway.figures();
        long unknown = database()
                .sql("select coalesce(sum(cardinality(members)), 0) from member.notice_call where look_ups > 0")
                .query(Long.class)
                .single();
        long found = database().sql("""
                        select count(*) from member.notice_recipient r join member.notice_call c using (call_id)
                        where c.look_ups > 0""").query(Long.class).single();
        say("");
        say("| trial | %s |", WORD);
        say("|---|---|");
        say("| seed | %d |", seed);
        FaultTrials.sayMachine();
        say("| members; from the start of the campaign to its end | %d; %d s |", members, took.toSeconds());
        say("| instances killed | %d |", kills);
        say(
                "| calls to the gateway, of them answers lost on demand | %d, %d |",
                sends.path("calls").asLong(), sends.path("lost").asLong());
        say(
                "| calls looked up, look-ups | %d, %d |",
                lookedUp(), sends.path("lookUps").asLong());
        say(
                "| people unknown for a while; most at once; at the end | %d; %d; %d |",
                unknown, mostUnknown, rows().getOrDefault("UNKNOWN", 0L));
        say("| of them the gateway had, had not and got again | %d, %d |", found, unknown - found);
        say(
                "| messages sent, for so many rows, to so many people | %d, %d, %d |",
                sends.path("sent").asLong(),
                sends.path("rows").asLong(),
                sends.path("phones").asLong());
        say("| searched for names, phones and mail addresses | %s |", leaks.searched());
        say("| not as it must be | %s |", problems.isEmpty() ? "nothing" : String.join("<br>", problems));
        say("");
    }

    /** Lets time pass. */
    private void rest(long millis) {
        try {
            if (never.await(millis, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void killAll() {
        instances.forEach(Instance::close);
        gateway.close();
        strangers.close();
        on.close();
    }

    @Override
    public void close() {
        never.countDown();
        Runtime.getRuntime().removeShutdownHook(atExit);
        killAll();
    }
}
