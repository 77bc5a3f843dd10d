package mallstream.benchmarks.conformance;

import java.util.List;
import mallstream.conformance.Oracle;
import mallstream.conformance.Protocol;
import mallstream.conformance.Scenario;
import mallstream.conformance.Setup;
import mallstream.conformance.Subject;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.util.backoff.FixedBackOff;

/** spring-kafka's container with a batch listener, which works the batch off one after the other. */
public final class SpringSubject implements Subject {
    private static final String ONE_POSITION =
            "A batch listener gets all records of a poll on the consumer's thread, and"
                    + " nothing more is polled until it returns; committed is one offset per partition, of what was handled in"
                    + " order. Javadoc of BatchMessageListener and of ContainerProperties.AckMode.BATCH.";

    @Override
    public String name() {
        return "spring-kafka 4.1.1, batch listener";
    }

    @Override
    public String group(String topic) {
        return "spring." + topic;
    }

    @Override
    public @Nullable String notClaimed(Scenario scenario, Protocol protocol, Oracle oracle) {
        return oracle == Oracle.OTHERS || oracle == Oracle.REPEATED ? ONE_POSITION : null;
    }

    @Override
    public Member start(Setup setup) {
        DefaultKafkaConsumerFactory<String, String> factory = new DefaultKafkaConsumerFactory<>(setup.plain());
        factory.addPostProcessor(setup.tap()::around);
        ContainerProperties properties = new ContainerProperties(setup.topic());
        // Its reference has this for topics with transactions, which else seem to lag.
        properties.setFixTxOffsets(true);
        properties.setMessageListener((BatchMessageListener<String, String>) records -> handle(records, setup));
        KafkaMessageListenerContainer<String, String> container =
                new KafkaMessageListenerContainer<>(factory, properties);
        container.setBeanName(setup.member());
        container.setCommonErrorHandler(new DefaultErrorHandler(
                (failed, failure) -> {}, // Its last failed call is in the history already.
                new FixedBackOff(200, setup.attempts() - 1)));
        container.start();
        return new Container(container);
    }

    private static void handle(List<ConsumerRecord<String, String>> records, Setup setup) {
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<String, String> each = records.get(i);
            try {
                setup.handler().handle(each.partition(), each.offset(), each.key());
            } catch (IllegalStateException e) {
                throw new BatchListenerFailedException("failed", e, i);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BatchListenerFailedException("interrupted", e, i);
            }
        }
    }

    private record Container(KafkaMessageListenerContainer<String, String> container) implements Member {
        @Override
        public void pause() {
            container.pause();
            Waiting.until(container::isContainerPaused);
        }

        @Override
        public void resume() {
            container.resume();
        }

        @Override
        public void close() {
            container.stop();
        }
    }
}
