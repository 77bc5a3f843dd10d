package mallstream.kafka;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {

    @Bean
    Broker broker(KafkaAdmin admin, ProducerFactory<?, ?> producers, ConsumerFactory<?, ?> consumers) {
        Broker broker = new Broker(admin, producers, consumers);
        broker.refuseWrongSettings();
        return broker;
    }

    @Bean
    OwnTopics ownTopics(Broker broker, TopicSettings settings) {
        return new OwnTopics(broker, settings);
    }

    /** There is no tracer while tracing is off. */
    @Bean
    Tracing tracing(ObjectProvider<Tracer> tracers, ObjectProvider<Propagator> propagators) {
        Tracer tracer = tracers.getIfAvailable();
        Propagator propagator = propagators.getIfAvailable();
        return tracer == null || Tracer.NOOP.equals(tracer) || propagator == null
                ? Tracing.off()
                : new Tracing(tracer, propagator);
    }
}
