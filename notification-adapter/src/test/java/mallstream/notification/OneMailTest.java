package mallstream.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.UUID;
import mallstream.member.application.port.out.SendNotices.Letter;
import mallstream.member.application.port.out.SendNotices.Recipient;
import mallstream.member.application.port.out.SendNotices.Result;
import org.junit.jupiter.api.Test;

class OneMailTest {
    private final OneMail mail = mail();
    private final ByteArrayOutputStream server = new ByteArrayOutputStream();

    private static OneMail mail() {
        try {
            return OneMail.of(
                    Session.getInstance(new Properties()),
                    new MailSettings("notice@mall.example", Duration.ofSeconds(1)),
                    new Letter("subject", "body"),
                    new Recipient(UUID.randomUUID(), "p0@mall.example", "홍길동"),
                    Instant.EPOCH);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void cut_before_it_is_written_not_a_byte_of_it_is() {
        mail.cut();
        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> mail.writeTo(server));
        assertThat(server.size()).isZero();
        assertThat(mail.result()).isNull();
        assertThat(mail.written()).isFalse();
    }

    @Test
    void cut_while_it_is_written_its_final_dot_is_not() {
        OutputStream cutting = new OutputStream() {
            @Override
            public void write(int b) {
                server.write(b);
                mail.cut();
            }
        };
        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> mail.writeTo(cutting));
        assertThat(server.toString(StandardCharsets.UTF_8)).endsWith("body");
        assertThat(mail.result()).isNull();
        assertThat(mail.written()).isFalse();
    }

    @Test
    void cut_after_it_was_written_nobody_knows() throws Exception {
        mail.writeTo(server);
        assertThat(mail.written()).isTrue();
        mail.cut();
        assertThat(mail.result()).isEqualTo(new Result.Unknown());
    }

    @Test
    void what_the_server_said_stays_whatever_comes_after() throws Exception {
        mail.writeTo(server);
        mail.settle(new Result.Accepted("id"));
        mail.cut();
        mail.settle(new Result.Later("451"));
        assertThat(mail.result()).isEqualTo(new Result.Accepted("id"));
    }

    @Test
    void it_may_be_written_again_where_a_connection_broke_before_its_end() throws Exception {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken");
            }
        };
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> mail.writeTo(broken));
        assertThat(mail.written()).isFalse();
        mail.writeTo(server);
        assertThat(mail.written()).isTrue();
    }
}
