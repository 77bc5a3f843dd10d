package mallstream.kafka.order;

import mallstream.kafka.consume.Subscriptions;
import mallstream.order.application.port.in.ApplyChannelOrders;
import mallstream.order.application.port.in.OrderLanes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OrderBindingsConfiguration {

    @Bean
    Subscriptions orderSubscriptions(ApplyChannelOrders orders, OrderLanes lanes) {
        return new OrderBindings(orders, lanes);
    }
}
