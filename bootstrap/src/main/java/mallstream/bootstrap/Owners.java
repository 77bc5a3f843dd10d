package mallstream.bootstrap;

import java.util.Set;
import mallstream.order.model.OrderOwners;
import mallstream.order.model.OrderSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Whose word counts for Naver Pay orders. */
@Configuration(proxyBeanMethods = false)
class Owners {
    @Bean
    OrderOwners orderOwners(OrderSettings settings) {
        return settings.owners(Set.of());
    }
}
