package mallstream.bootstrap.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** A short {@link CampaignTrial}, in every build. {@code -Dtrial.seed} repeats its plan. */
class CampaignTrialIT {
    @Test
    void instances_of_a_campaign_are_killed_and_everybody_gets_one_notice_and_nothing_tells_of_them() throws Exception {
        try (var trial = new CampaignTrial(FaultTrials.seed(), 3_000, 3)) {
            assertThat(trial.run()).isEmpty();
            assertThat(trial.lookedUp()).isPositive();

            // The trial is worth what its checks find.
            Map.Entry<String, String> notice = trial.aNotice();
            trial.gateway().set("lose-every", "0");
            trial.gateway().send(notice.getKey(), notice.getValue());
            found(trial.problems(), "messages sent: 3001 and not 3000");
            broken(
                    trial,
                    "update member.notice_progress set accepted = accepted + 1 where (campaign_id, slot) = "
                            + "(select campaign_id, slot from member.notice_progress order by accepted desc limit 1)");
            found(trial.problems(), "the campaign's figure accepted: 3001 and not 3000");
            broken(
                    trial,
                    "update member.notice_recipient set state = 'UNKNOWN' where id = '%s'".formatted(notice.getKey()));
            found(trial.problems(), "rows that are unknown: 1 and not 0");
            broken(trial, "delete from member.notice_recipient where id = '%s'".formatted(notice.getKey()));
            found(trial.problems(), "rows: 2999 and not 3000");
            broken(trial, "update member.notice_call set look_ups = 1");
            assertThat(trial.problems()).anySatisfy(each -> assertThat(each).contains(" calls were looked up, but "));

            // Of a process that is gone, which writes over nothing of it.
            Path log = trial.instances().stream()
                    .map(Instance::logs)
                    .filter(logs -> logs.size() > 1)
                    .findFirst()
                    .orElseThrow()
                    .getFirst();
            Files.writeString(log, "WARN nobody answered at 010-8642-0000007\n", StandardOpenOption.APPEND);
            found(trial.leaks().found(), "a person in " + log);
            deadLetter(trial, "member of zorvath7@example.com");
            found(trial.leaks().found(), "a person in headers of mallstream.member.points.dlt");
        }
    }

    private static void broken(CampaignTrial trial, String statement) {
        assertThat(Database.open(trial.on()).sql(statement).update()).isPositive();
    }

    private static void deadLetter(CampaignTrial trial, String header) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", trial.on().bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            var letter = new ProducerRecord<>("mallstream.member.points.dlt", "mall", "{}");
            letter.headers().add("why", header.getBytes(UTF_8));
            producer.send(letter).get();
        }
    }

    private static void found(List<String> problems, String problem) {
        assertThat(problems).anySatisfy(each -> assertThat(each).startsWith(problem));
    }
}
