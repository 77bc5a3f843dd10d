package mallstream.bootstrap.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import mallstream.bootstrap.infrastructure.Infrastructure;
import mallstream.bootstrap.infrastructure.PlatformTest;
import mallstream.bootstrap.system.Api.Answer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.core.ConditionTimeoutException;

/**
 * People whose names, phones and mail addresses are found again wherever they come out: in logs, metrics, the headers of
 * dead letters, what operators are shown of them, and answers to requests that are refused.
 */
final class Leaks {
    private static final String NAME = "Quillonhan";
    private static final String MAIL = "zorvath";
    private static final String PHONE = "0108642";
    /** A phone in any way of writing; not in the middle of a number, or a figure would be one by chance. */
    private static final Pattern PEOPLE = Pattern.compile(
            NAME + "|" + MAIL + "|(?<![0-9A-Za-z.])(?:0|(?:\\+|%2B)?82[ -]?)10[ -]?8642[ -]?[0-9]{3}",
            Pattern.CASE_INSENSITIVE);

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String PERSON = NAME + " 1";
    private static final String ADDRESS = MAIL + "1@example.com";
    private static final String NUMBER = "010-8642-0001";
    /** A mall of which everybody is refused by somebody. */
    private static final String STRANGERS_MALL = "mall-strangers";

    private static final int STRANGERS_MEMBERS = 12;

    private final Infrastructure on;
    private final List<Instance> instances;
    /** What came out, by where. Logs and dead letters are read when they are searched. */
    private final Map<String, String> seen = new TreeMap<>();

    private final List<String> problems = new ArrayList<>();
    private int answers;
    private int metrics;

    /**
     * @param on where dead letters and people are
     * @param instances whose logs and metrics are searched
     */
    Leaks(Infrastructure on, List<Instance> instances) {
        this.on = on;
        this.instances = instances;
    }

    /** Adds so many people to a mall; the login id is the mail address. */
    static void addMembers(Infrastructure on, String mall, int count) {
        Database.open(on)
                .sql("""
                        insert into member.member (id, mall_id, login_id, name, email, phone, signed_up_at)
                        select gen_random_uuid(), ?, ? || n || '@example.com', ? || n, ? || n || '@example.com',
                               ? || lpad(n::text, 7, '0'), now()
                        from generate_series(1, ?) n""")
                .params(mall, MAIL, NAME + " ", MAIL, PHONE, count)
                .update();
    }

    /** Keeps the metrics of a process, for those that it had before it is killed. */
    void keepMetrics(Instance of) {
        metrics++;
        keepMetrics("metrics " + metrics, of);
    }

    private void keepMetrics(String where, Instance of) {
        keep(where, of.life().jar.management().get("/actuator/prometheus"), 200);
    }

    /** Dead letters that are there, in words. */
    List<String> deadLetters() {
        return letters().stream()
                .map(each -> "a dead letter in " + each.topic() + ": " + new String(each.value(), UTF_8))
                .toList();
    }

    /** Servers that fail, and say of whom. */
    static Strangers strangers() {
        return new Strangers(PERSON + " " + ADDRESS + " " + NUMBER);
    }

    /**
     * Has the gateway refuse some people by name and a mail server others, sends webhooks to one who fails and repeats
     * them, and lets a member use points and leave.
     *
     * @param gateway where nothing is sent any more; it loses no more answers from now on
     * @param strangers whom the instance knows
     */
    void meet(Instance at, GatewayProcess gateway, Strangers strangers) {
        Api api = at.life().jar.api();
        addMembers(on, STRANGERS_MALL, STRANGERS_MEMBERS);
        gateway.set("lose-every", "0");
        gateway.set("refuse", "-5000:" + STRANGERS_MEMBERS + ":.*");
        String refused = campaign(api, "alimtalk", "PRIVACY");
        await("everybody is refused")
                .atMost(PATIENCE)
                .until(() -> api.get(refused).json().path("rejected").asLong() == STRANGERS_MEMBERS);
        keepCampaign(api, refused);

        Api operator = new Api(at.life().jar.port, PlatformTest.OPERATOR_KEY);
        String text = "{\"subject\":\"{name}\",\"body\":\"{name}\"}";
        keep("the text of a mail", operator.put("/api/notice-templates/STRANGERS", text), 201);
        String mails = campaign(api, "mail", "STRANGERS");
        await("everybody's mail is answered")
                .atMost(PATIENCE)
                .until(() -> strangers.told() == STRANGERS_MEMBERS
                        && api.get(mails).json().path("sending").asLong() == 0);
        keepCampaign(api, mails);
        keep("a campaign that is cancelled", api.post(mails + "/cancel", "{}"), 200);

        webhooksAndPoints(api, strangers.url());
    }

    private static String campaign(Api api, String channel, String template) {
        return "/api/notice-campaigns/"
                + api.post(
                                "/api/notice-campaigns",
                                "{\"mallId\":\"%s\",\"year\":2026,\"channel\":\"%s\",\"template\":\"%s\"}"
                                        .formatted(STRANGERS_MALL, channel, template))
                        .text("campaignId");
    }

    private void keepCampaign(Api api, String campaign) {
        keep("a campaign " + campaign, api.get(campaign), 200);
        keep("evidence of " + campaign, api.get(campaign + "/evidence"), 200);
    }

    private void webhooksAndPoints(Api api, String receiver) {
        String mall = "/api/malls/" + STRANGERS_MALL;
        String endpoint = mall + "/webhook-endpoints/"
                + api.post(mall + "/webhook-endpoints", "{\"url\":\"" + receiver + "\"}")
                        .text("endpointId");
        keep("a test event", api.post(endpoint + "/test", "{}"), 201);
        String member = mall + "/members/"
                + api.post(mall + "/members", person(PERSON, "new-" + ADDRESS, NUMBER))
                        .text("memberId");
        await("webhooks that failed").atMost(PATIENCE).until(() -> {
            List<String> why = api.get(endpoint + "/deliveries").json().findValuesAsString("lastReason");
            return why.stream().filter("http-500"::equals).count() == 2;
        });
        keep("webhooks as they are shown", api.get(endpoint + "/deliveries"), 200);
        keep("an endpoint as it is shown", api.get(endpoint), 200);
        refused(api.post(endpoint + "/redeliver-failed", "{\"since\":\"" + ADDRESS + "\"}"));

        String points = member + "/points";
        await("points")
                .atMost(PATIENCE)
                .until(() -> api.get(points).json().path("balance").asLong() > 0);
        keep("points that are used", api.post(points + "/uses", "{\"points\":100}", NUMBER), 201);
        refused(api.post(points + "/uses", "{\"points\":200}", NUMBER));
        refused(api.post(points + "/uses", "{\"points\":\"" + NUMBER + "\"}"));
        refused(api.post(points + "/uses", "{\"points\":100000000}"));
        refused(api.post(points + "/uses/" + NUMBER + "/restorations", "{\"points\":1}"));
        refused(api.get(points + "/ledger?before=" + ADDRESS));
        keep("a ledger", api.get(points + "/ledger"), 200);
        keep("a member that leaves", api.delete(member), 204);
        refused(api.get(member));
        refused(api.post(points + "/uses", "{\"points\":1}"));
    }

    /** Makes requests that are refused and events that cannot be handled, all with personal data in them. */
    void provoke(Instance at) {
        refusedRequests(at.life().jar.api());
        refusedRequests(at.life().jar.management());
        requestsWithoutDatabase(at.life().jar.api());
        List<ProducerRecord<String, String>> events = unhandledEvents();
        publish(events);
        int wanted = events.size()
                + 2
                        * (int) events.stream()
                                .filter(each -> each.topic().equals("member.signed-up"))
                                .count();
        try {
            await("dead letters").atMost(PATIENCE).until(() -> letters().size() == wanted);
        } catch (ConditionTimeoutException e) {
            problems.add("%d dead letters and not %d".formatted(letters().size(), wanted));
        }
        for (String each : Effects.TOPIC_OF_GROUP.keySet()) {
            String name = each.substring(each.lastIndexOf('.') + 1);
            Answer shown = at.life().jar.management().get("/actuator/consumers/" + name + "/dead-letters");
            keep("dead letters of " + name + " as they are shown", shown, 200);
        }
        keep("parked orders", at.life().jar.management().get("/actuator/orders/parked"), 200);
        keep("consumers", at.life().jar.management().get("/actuator/consumers"), 200);
        seen.put("health", at.life().jar.management().get("/actuator/health").body());
    }

    private void refusedRequests(Api api) {
        String members = "/api/malls/mall-leaks/members";
        String path = "/" + ADDRESS + "/" + NUMBER;
        refused(api.post(members, person(PERSON, ADDRESS, NUMBER + "x")));
        refused(api.post(members, person(PERSON, MAIL + " at example.com", NUMBER)));
        refused(api.post(members, person(PERSON.repeat(10), ADDRESS, NUMBER)));
        refused(api.post(members, person(PERSON, ADDRESS, NUMBER).replace("}", "")));
        refused(api.post(members, person(PERSON, ADDRESS, NUMBER).replace("\"" + PERSON + "\"", PERSON)));
        refused(api.post(
                members, "{\"name\":{\"" + PERSON + "\":\"" + ADDRESS + "\"},\"phone\":[\"" + NUMBER + "\"]}"));
        refused(api.post(members, PERSON + " " + ADDRESS + " " + NUMBER));
        refused(api.post("/api/malls/" + ADDRESS + "/members", person(PERSON, ADDRESS, NUMBER)));
        refused(api.post(members + path, person(PERSON, ADDRESS, NUMBER)));
        refused(api.get(members + path));
        refused(api.get(members + "/" + ADDRESS));
        refused(api.delete(members + "/" + NUMBER));
        refused(api.get("/api/malls/mall-leaks/orders/" + NUMBER + "?channel=" + ADDRESS));
        refused(api.get("/api/malls/mall-leaks/orders/" + NUMBER));
        refused(api.get("/" + ADDRESS + "?phone=" + NUMBER + "&name=" + NAME));
        refused(api.get("/actuator/consumers/" + ADDRESS));
        refused(api.post("/api/channels/" + ADDRESS + "/malls/mall-leaks/orders", order(NUMBER)));
        refused(api.post("/api/channels/godomall/malls/" + ADDRESS + "/orders", order(NUMBER)));
        refused(api.post(
                "/api/channels/godomall/malls/mall-leaks/orders", order(NUMBER).replace("}", "")));
        refused(api.get("/api/notice-campaigns/" + ADDRESS));
        refused(api.post(
                "/api/notice-campaigns",
                "{\"mallId\":\"%s\",\"year\":2026,\"channel\":\"alimtalk\",\"template\":\"%s\"}"
                        .formatted(ADDRESS, PERSON)));
        refused(api.post(
                "/api/notice-campaigns",
                "{\"year\":\"%s\",\"channel\":\"%s\",\"template\":\"%s\"}".formatted(NUMBER, ADDRESS, PERSON)));
        refused(api.post(
                "/api/notice-campaigns", "{\"year\":2026,\"channel\":\"mail\",\"template\":\"%s\"}".formatted(NAME)));
        refused(api.post(
                "/api/malls/mall-leaks/webhook-endpoints", "{\"url\":\"ftp://" + ADDRESS + "/" + NUMBER + "\"}"));
        refused(api.post("/actuator/consumers/coupon/limits", "{\"" + NAME + "\":\"" + ADDRESS + "\"}"));
        refused(api.post(
                "/actuator/orders/codes",
                "{\"channel\":\"%s\",\"code\":\"%s\",\"means\":\"%s\"}".formatted(ADDRESS, NUMBER, NAME)));
        // Twice the same login id; and the same key for two bodies.
        String key = "leaks-" + NUMBER;
        Answer first = api.post(members, person(PERSON, ADDRESS, NUMBER), key);
        refused(api.post(members, person(PERSON, "other-" + ADDRESS, NUMBER), key));
        refused(api.post(members, person(PERSON, ADDRESS, NUMBER)));
        seen.put("a sign-up, answered " + first.status(), first.body());
    }

    /** What a statement was about stands in the messages of drivers and mappers, when it fails. */
    private void requestsWithoutDatabase(Api api) {
        on.stopDatabase();
        try {
            List<Thread> callers = IntStream.range(0, 3)
                    .mapToObj(n -> Thread.ofVirtual()
                            .start(() -> refused(
                                    api.post("/api/malls/mall-leaks/members", person(PERSON, n + ADDRESS, NUMBER)))))
                    .toList();
            for (Thread each : callers) {
                each.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            on.startDatabase();
        }
    }

    private static List<ProducerRecord<String, String>> unhandledEvents() {
        String person = person(PERSON, ADDRESS, NUMBER);
        return List.of(
                new ProducerRecord<>("member.signed-up", ADDRESS, person),
                new ProducerRecord<>("member.signed-up", NUMBER, person.replace("}", "")),
                new ProducerRecord<>("member.signed-up", PERSON, signedUp("\"" + ADDRESS + "\"")),
                new ProducerRecord<>("member.signed-up", PERSON, PERSON + " " + NUMBER),
                new ProducerRecord<>("member.notice-requested", NUMBER, person),
                new ProducerRecord<>("member.notice-requested", ADDRESS, ADDRESS),
                new ProducerRecord<>("member.notice-requested", PERSON, """
                        {"campaignId":"01890000-0000-7000-8000-000000000000","mallId":"mall-leaks","name":"%s",
                         "memberId":"01890000-0000-7000-8000-000000000000"}""".formatted(PERSON)),
                new ProducerRecord<>("order.godomall.changed", ADDRESS, order("1")),
                new ProducerRecord<>("order.godomall.changed", "mall-leaks", PERSON + " " + NUMBER),
                new ProducerRecord<>("order.godomall.changed", "mall-leaks", person),
                new ProducerRecord<>("order.shopby.changed", PERSON, order("1")),
                new ProducerRecord<>("order.shopby.changed", "mall-leaks", ADDRESS),
                new ProducerRecord<>("order.shopby.changed", "mall-leaks", person));
    }

    private static String person(String name, String mail, String phone) {
        return """
                {"loginId":"%s","name":"%s","email":"%s","phone":"%s"}""".formatted(mail, name, mail, phone);
    }

    private static String signedUp(String member) {
        return """
                {"eventId":"01890000-0000-7000-8000-000000000000","mallId":"mall-leaks","memberId":%s,
                 "signedUpAt":"2026-01-01T00:00:00Z"}""".formatted(member);
    }

    /** With a code that nobody knows, so that it is parked where it is well formed. */
    private static String order(String number) {
        return """
                {"orderNo":"%s","orderStatus":"zz9","orderDate":"2026-01-02 12:00:00","orderName":"%s","orderPhone":"%s",
                 "orderEmail":"%s","settlePrice":"1000",
                 "orderGoodsData":[{"sno":"1","orderStatus":"zz9","goodsNo":"7","goodsCnt":"1","receiver":"%s"}]}""".formatted(number, PERSON, NUMBER, ADDRESS, PERSON);
    }

    private void publish(List<ProducerRecord<String, String>> events) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", on.bootstrapServers()), new StringSerializer(), new StringSerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            events.forEach(each -> sent.add(producer.send(each)));
            producer.flush();
        }
    }

    private synchronized void refused(Answer answer) {
        answers++;
        if (answer.status() < 400) {
            problems.add("not refused, but " + answer.status() + ": " + answer.body());
        }
        seen.put("answer " + answers + ", " + answer.status(), answer.body());
    }

    private void keep(String where, Answer answer, int wanted) {
        if (answer.status() != wanted) {
            problems.add(where + ": " + answer.status());
        }
        seen.put(where, answer.body());
    }

    /** Every place where a person was found, with the text around it; empty: none. */
    List<String> found() {
        instances.forEach(each -> keepMetrics("metrics of " + each.life().jar.log, each));
        Map<String, String> all = new HashMap<>(seen);
        instances.forEach(each -> each.logs().forEach(log -> all.put(log.toString(), read(log))));
        for (ConsumerRecord<byte[], byte[]> each : letters()) {
            for (Header header : each.headers()) {
                String value = header.value() == null ? "" : new String(header.value(), UTF_8);
                all.merge(
                        "headers of " + each.topic(), header.key() + ": " + value + "\n", (one, other) -> one + other);
            }
        }
        List<String> found = new ArrayList<>(problems);
        found.addAll(people(all));
        return found;
    }

    /**
     * Searches texts for people.
     *
     * @param texts by where they come from
     * @return every text in which a person was found, with what is around it
     */
    static List<String> people(Map<String, String> texts) {
        List<String> found = new ArrayList<>();
        texts.forEach((where, text) -> {
            Matcher person = PEOPLE.matcher(text);
            if (person.find()) {
                found.add("a person in " + where + ": "
                        + text.substring(Math.max(0, person.start() - 80), Math.min(text.length(), person.end() + 40)));
            }
        });
        return found;
    }

    /** What was searched, in words. */
    String searched() {
        return "%d logs, %d scrapes, headers of %d dead letters, %d answers"
                .formatted(
                        instances.stream().mapToInt(each -> each.logs().size()).sum(),
                        metrics + instances.size(),
                        letters().size(),
                        answers);
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All records of all dead-letter topics. */
    private List<ConsumerRecord<byte[], byte[]>> letters() {
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", on.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().entrySet().stream()
                    .filter(topic -> topic.getKey().endsWith(".dlt"))
                    .flatMap(topic -> topic.getValue().stream())
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var left = new HashMap<>(consumer.endOffsets(partitions));
            while (!left.isEmpty()) {
                consumer.poll(Duration.ofMillis(200)).forEach(letters::add);
                left.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
        }
        return letters;
    }
}
