package mallstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

class TopicSettingsTest {
    private final MockEnvironment environment = new MockEnvironment();

    private TopicSettings read() {
        return Binder.get(environment).bindOrCreate("mallstream.topics", TopicSettings.class);
    }

    @Test
    void nothing_set_means_the_defaults() {
        assertThat(read()).isEqualTo(new TopicSettings(8, null, null, Duration.ofDays(7), Duration.ofDays(30)));
    }

    @Test
    void what_is_set_holds() {
        environment.setProperty("mallstream.topics.partitions", "3");
        environment.setProperty("mallstream.topics.replication", "3");
        environment.setProperty("mallstream.topics.min-insync-replicas", "2");
        environment.setProperty("mallstream.topics.retention", "2d");
        environment.setProperty("mallstream.topics.dead-letter-retention", "90d");
        assertThat(read()).isEqualTo(new TopicSettings(3, 3, 2, Duration.ofDays(2), Duration.ofDays(90)));
    }

    @Test
    void a_value_out_of_range_is_refused_by_its_name() {
        assertThatThrownBy(() -> new TopicSettings(1001, null, null, Duration.ofDays(1), Duration.ofDays(1)))
                .hasMessage("partitions: must be 1 to 1000");
        assertThatThrownBy(() -> new TopicSettings(8, 2, 3, Duration.ofDays(1), Duration.ofDays(1)))
                .hasMessageStartingWith("minInsyncReplicas: must not exceed");
        assertThatThrownBy(() -> new TopicSettings(8, null, null, Duration.ZERO, Duration.ofDays(1)))
                .hasMessageStartingWith("retention: must be");
    }
}
