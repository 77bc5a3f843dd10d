package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.mail.javamail.JavaMailSenderImpl;

class MailDefaultsTest {
    private final ApplicationContextRunner mail = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withConfiguration(AutoConfigurations.of(MailSenderAutoConfiguration.class));

    @Test
    void a_mail_server_is_waited_for_so_long_and_no_longer() {
        mail.withPropertyValues("spring.mail.host=mail.example")
                .run(context -> assertThat(
                                context.getBean(JavaMailSenderImpl.class).getJavaMailProperties())
                        .containsEntry("mail.smtp.connectiontimeout", "5000")
                        .containsEntry("mail.smtp.timeout", "10000")
                        .containsEntry("mail.smtps.connectiontimeout", "5000")
                        .containsEntry("mail.smtps.timeout", "10000"));
    }

    @Test
    void without_a_host_there_is_no_mail_server() {
        mail.run(context -> assertThat(context).doesNotHaveBean(JavaMailSenderImpl.class));
    }
}
