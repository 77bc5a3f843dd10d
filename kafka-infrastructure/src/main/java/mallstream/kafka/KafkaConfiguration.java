package mallstream.kafka;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {

    @Bean
    Broker broker(KafkaAdmin admin, ProducerFactory<?, ?> producers, ConsumerFactory<?, ?> consumers) {
        return new Broker(admin, producers, consumers);
    }

    @Bean
    OwnTopics ownTopics(Broker broker, TopicSettings settings) {
        return new OwnTopics(broker, settings);
    }
}
