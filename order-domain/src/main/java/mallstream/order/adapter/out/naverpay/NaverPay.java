package mallstream.order.adapter.out.naverpay;

import mallstream.order.model.PullPlan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What of the settings the rest of the domain may know. */
@Configuration(proxyBeanMethods = false)
class NaverPay {
    @Bean
    PullPlan pullPlan(NaverSettings settings) {
        return settings.plan();
    }
}
