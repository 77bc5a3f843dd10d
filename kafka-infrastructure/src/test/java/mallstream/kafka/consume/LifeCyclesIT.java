package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import mallstream.kafka.TestKafka;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Instances come and go, and leave nothing behind in their JVM. */
@SuppressWarnings("try") // An instance runs as long as its block.
class LifeCyclesIT {
    private static final Pattern OURS = Pattern.compile(
            "(poll|consumer-start|control|replay|kafka-admin-client|kafka-producer-network|kafka-coordinator-heartbeat|"
                    + "consumer_background)[a-z-]*");

    @Test
    void fifty_life_cycles_leave_no_thread_and_lose_no_record(TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        Book book = new Book();
        stage.send(20, 2);
        try (Consumers warm = stage.start(book)) {
            stage.awaitCommitted();
        }
        Map<String, Integer> before = threads();
        for (int cycle = 0; cycle < 50; cycle++) {
            stage.send(20, 2);
            // Most are stopped before they have joined, which is the harder part.
            try (Consumers instance =
                    stage.start(book, "group-protocol=" + (cycle % 20 < 10 ? "classic" : "consumer"))) {
                if (cycle % 10 == 9) {
                    instance.serving(stage.topic, 2);
                }
            }
        }
        try (Consumers last = stage.start(book)) {
            stage.awaitCommitted();
            assertThat(book.allDone()).hasSize(51 * 20);
        }
        // Fewer than before: what other tests have left was just about to end.
        await("no thread left")
                .atMost(Stage.PATIENCE)
                .untilAsserted(() -> assertThat(threads())
                        .allSatisfy(
                                (name, count) -> assertThat(count).isLessThanOrEqualTo(before.getOrDefault(name, 0))));
        assertThat(TestKafka.committed(stage.group())).hasSize(2);
    }

    private static Map<String, Integer> threads() {
        Map<String, Integer> found = new TreeMap<>();
        Thread.getAllStackTraces().keySet().forEach(each -> {
            var matcher = OURS.matcher(each.getName());
            if (matcher.lookingAt()) {
                found.merge(matcher.group(1), 1, Integer::sum);
            }
        });
        return found;
    }
}
