package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.RebalanceProtocol;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class OwnerAssignorTest {
    private final OwnerAssignor assignor = new OwnerAssignor();

    @Test
    void its_name_is_the_owner_and_it_moves_partitions_step_by_step() {
        assignor.configure(Map.of(OwnerAssignor.OWNER, "mallstream:member.coupon"));
        assertThat(assignor.name()).isEqualTo("mallstream:member.coupon");
        assertThat(assignor.supportedProtocols()).contains(RebalanceProtocol.COOPERATIVE);
    }

    @Test
    void without_an_owner_there_is_no_consumer() {
        assertThatThrownBy(() -> assignor.configure(Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mallstream.owner");
        assertThatThrownBy(() -> assignor.configure(Map.of(OwnerAssignor.OWNER, " ")))
                .isInstanceOf(ConfigException.class);
    }
}
