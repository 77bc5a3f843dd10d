package mallstream.kafka.produce;

import java.time.Clock;
import mallstream.kafka.Broker;
import mallstream.kafka.OwnTopics;
import mallstream.kafka.Tracing;
import mallstream.member.application.port.out.PublishEvents;
import mallstream.order.application.port.out.PublishChannelOrders;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ProduceConfiguration {

    @Bean
    PublishEvents publishEvents(Broker broker, OwnTopics topics, Tracing tracing, Clock clock) {
        return new EventPublisher(broker, topics, tracing, clock);
    }

    @Bean
    PublishChannelOrders publishChannelOrders(Broker broker, OwnTopics topics, Tracing tracing) {
        return new ChannelOrderPublisher(broker, topics, tracing);
    }
}
