package mallstream.bootstrap;

import java.util.stream.Collectors;
import mallstream.order.model.OrderOwners;
import mallstream.order.model.OrderSettings;
import mallstream.order.model.PullPlan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Whose word counts for Naver Pay orders. */
@Configuration(proxyBeanMethods = false)
class Owners {
    @Bean
    OrderOwners orderOwners(OrderSettings settings, PullPlan plan) {
        return settings.owners(
                plan.accounts().stream().map(PullPlan.Account::mallId).collect(Collectors.toSet()));
    }
}
