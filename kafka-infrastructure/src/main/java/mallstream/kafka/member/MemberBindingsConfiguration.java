package mallstream.kafka.member;

import mallstream.kafka.consume.Subscriptions;
import mallstream.member.application.port.in.NoticeReaction;
import mallstream.member.application.port.in.SignUpReaction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class MemberBindingsConfiguration {

    @Bean
    Subscriptions memberSubscriptions(ObjectProvider<SignUpReaction> signUps, ObjectProvider<NoticeReaction> notices) {
        return new MemberBindings(
                signUps.orderedStream().toList(), notices.orderedStream().toList());
    }
}
