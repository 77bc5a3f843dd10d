package mallstream.bootstrap;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mallstream.kafka.BudgetSettings;
import mallstream.kafka.TopicSettings;
import mallstream.member.adapter.out.persistence.SecretSettings;
import mallstream.member.model.NoticeSettings;
import mallstream.member.model.SecretRotation;
import mallstream.member.model.SignUpBenefits;
import mallstream.notification.GatewaySettings;
import mallstream.notification.MailSettings;
import mallstream.notification.WebhookSettings;
import mallstream.order.adapter.out.naverpay.NaverSettings;
import mallstream.order.model.OrderSettings;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Makes a bean of each settings record, before any other bean is made, so that a wrong setting ends the start before
 * anything is touched. The records live in the modules that use them and check themselves; here stands where their
 * values come from.
 */
class Settings implements ImportBeanDefinitionRegistrar {
    /** A line per record: the prefix of its keys and its type. */
    private static final Map<String, Class<? extends Record>> RECORDS = Map.ofEntries(
            Map.entry("mallstream.benefits", SignUpBenefits.class),
            Map.entry("mallstream.budget", BudgetSettings.class),
            Map.entry("mallstream.gate", GateSettings.class),
            Map.entry("mallstream.notice", NoticeSettings.class),
            Map.entry("mallstream.notice.gateway", GatewaySettings.class),
            Map.entry("mallstream.notice.mail", MailSettings.class),
            Map.entry("mallstream.order", OrderSettings.class),
            Map.entry("mallstream.order.naver", NaverSettings.class),
            Map.entry("mallstream.secrets", SecretSettings.class),
            Map.entry("mallstream.security", SecuritySettings.class),
            Map.entry("mallstream.topics", TopicSettings.class),
            Map.entry("mallstream.webhook", WebhookSettings.class),
            Map.entry("mallstream.webhook.rotation", SecretRotation.class));

    /** Checked by the consumers themselves, because their keys hold the names of subscriptions. */
    private static final List<String> CHECKED_ELSEWHERE = List.of("mallstream.consume");

    private final Environment environment;

    Settings(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        SettingsReader reader = new SettingsReader(environment);
        // Sorted, so that of several mistakes the same one is told every time.
        new TreeMap<>(RECORDS).forEach((prefix, type) -> register(registry, type, reader.read(prefix, type)));
        refuseCallsLongerThanTheirLease(
                reader.read("mallstream.notice", NoticeSettings.class),
                reader.read("mallstream.notice.gateway", GatewaySettings.class),
                reader.read("mallstream.notice.mail", MailSettings.class));
        reader.refuseUnknown("mallstream", CHECKED_ELSEWHERE);
        DatabaseAddress.refuseWhatIsNone(environment);
    }

    private <T> void register(BeanDefinitionRegistry registry, Class<T> type, Object settings) {
        if (settings instanceof SecuritySettings security) {
            security.refuseToBeWithoutKeys(environment);
        }
        if (settings instanceof MailSettings mail) {
            refuseToBeWithoutSender(mail);
        }
        registry.registerBeanDefinition(
                type.getName(),
                BeanDefinitionBuilder.genericBeanDefinition(type, () -> type.cast(settings))
                        .getBeanDefinition());
    }

    /**
     * A call that is still written after its lease could be looked up before it arrives, and whoever it is for be told
     * twice. A call begins within half of its lease, and takes four timeouts of the gateway at the most. Nobody asks a mail
     * server, so there only answers would be thrown away.
     */
    private static void refuseCallsLongerThanTheirLease(
            NoticeSettings notice, GatewaySettings gateway, MailSettings mail) {
        Duration lease = notice.callLease();
        if (gateway.baseUrl() != null && lease.compareTo(gateway.timeout().multipliedBy(8)) < 0) {
            throw tooShort(lease, "eight times mallstream.notice.gateway.timeout", gateway.timeout());
        }
        if (!mail.from().isEmpty() && lease.compareTo(mail.timeout().multipliedBy(3)) < 0) {
            throw tooShort(lease, "three times mallstream.notice.mail.timeout", mail.timeout());
        }
    }

    private static InvalidSetting tooShort(Duration lease, String rule, Duration timeout) {
        return new InvalidSetting(
                "mallstream.notice.call-lease is " + lease.toMillis() + " ms, must be at least " + rule + ", which is "
                        + timeout.toMillis() + " ms",
                "set MALLSTREAM_NOTICE_CALLLEASE to more or the timeout to less");
    }

    private void refuseToBeWithoutSender(MailSettings mail) {
        if (mail.from().isEmpty()
                && !environment.getProperty("spring.mail.host", "").isBlank()) {
            throw new InvalidSetting(
                    "mallstream.notice.mail.from must be set where spring.mail.host is",
                    "set MALLSTREAM_NOTICE_MAIL_FROM to the address that notices come from");
        }
    }
}
