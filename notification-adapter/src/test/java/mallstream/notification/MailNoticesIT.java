package mallstream.notification;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetupTest;
import jakarta.mail.Message;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.IntStream;
import mallstream.member.application.port.out.SendNotices.Letter;
import mallstream.member.application.port.out.SendNotices.Notice;
import mallstream.member.application.port.out.SendNotices.Recipient;
import mallstream.member.application.port.out.SendNotices.Result;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.Unavailable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.mail.javamail.JavaMailSenderImpl;

@Timeout(60)
class MailNoticesIT {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Duration SHORT = Duration.ofMillis(1500);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Letter LETTER = new Letter("{name}님께 알립니다", "{name}님,\n\n안녕하세요.\n");

    @Test
    void each_person_gets_a_message_of_their_own_in_korean() throws Exception {
        GreenMail server = started(new GreenMail(ServerSetupTest.SMTP.dynamicPort()));
        try (MailNotices notices = notices(server(server.getSmtp().getPort()), LONG)) {
            List<Recipient> recipients = List.of(to("p0@mall.example", "홍길동"), to("p1@mall.example", "김하늘"));
            List<Result> results = notices.send(notice(LETTER, recipients));

            MimeMessage[] received = server.getReceivedMessages();
            assertThat(received).hasSize(2);
            for (int i = 0; i < 2; i++) {
                Recipient recipient = recipients.get(i);
                String id = recipient.rowId() + "@mall.example";
                MimeMessage message = received[i];
                assertThat(results.get(i)).isEqualTo(new Result.Accepted(id));
                assertThat(message.getMessageID()).isEqualTo("<" + id + ">");
                assertThat(message.getAllRecipients()).containsExactly(new InternetAddress(recipient.address()));
                assertThat(message.getFrom()).containsExactly(new InternetAddress("notice@mall.example", "몰", "UTF-8"));
                assertThat(message.getSubject()).isEqualTo(recipient.name() + "님께 알립니다");
                assertThat(message.getContent()).isEqualTo(recipient.name() + "님,\r\n\r\n안녕하세요.\r\n");
                assertThat(message.getContentType()).isEqualToIgnoringCase("text/plain; charset=UTF-8");
                assertThat(message.getSentDate()).isEqualTo(Date.from(NOW));
                assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
            }
        } finally {
            server.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hong\r\nBcc: other@mall.example",
                "Hong\nBcc: other@mall.example\n\nanother body",
                "Hong\rBcc: other@mall.example",
                "홍길동\r\nBcc: other@mall.example",
                "Hong\u2028Bcc: other@mall.example",
                "Hong\u0000\r\n\tBcc: other@mall.example",
                "Hong\r\n.\r\nMAIL FROM:<a@mall.example>\r\nRCPT TO:<other@mall.example>\r\nDATA\r\n"
            })
    void a_name_adds_neither_a_header_nor_a_recipient_nor_a_message(String name) throws Exception {
        GreenMail server = started(new GreenMail(ServerSetupTest.SMTP.dynamicPort()));
        try (MailNotices notices = notices(server(server.getSmtp().getPort()), LONG)) {
            Letter letter = new Letter("To {name}", "Dear {name}\n.\n..\nend");
            assertThat(notices.send(notice(letter, List.of(to("p0@mall.example", name)))))
                    .allMatch(Result.Accepted.class::isInstance);
            MimeMessage[] received = server.getReceivedMessages();
            assertThat(received).hasSize(1);
            assertThat(received[0].getHeader("Bcc")).isNull();
            assertThat(received[0].getAllRecipients()).containsExactly(new InternetAddress("p0@mall.example"));
            assertThat(received[0].getRecipients(Message.RecipientType.CC)).isNull();
            assertThat(received[0].getSubject())
                    .isEqualTo(
                            "To " + name.replaceAll("[\\p{Cntrl}\\u2028]+", " ").strip())
                    .doesNotContain("\r", "\n");
            assertThat(String.valueOf(received[0].getContent())).endsWith("\r\n.\r\n..\r\nend");
        } finally {
            server.stop();
        }
    }

    @Test
    void an_address_is_one_address_or_is_rejected_without_the_server() throws Exception {
        List<String> bad = List.of(
                "a,b@mall.example",
                "p0@mall.example>, <other@mall.example",
                "p0@mall.example\r\nRCPT TO:<other@mall.example>",
                "홍@mall.example",
                "\"a b\"@mall.example",
                "p0@",
                "p0",
                "p0@mall_example",
                "");
        List<Recipient> recipients =
                bad.stream().map(address -> to(address, "홍길동")).toList();
        try (ScriptedSmtp server = new ScriptedSmtp((step, to, dialogue) -> null);
                MailNotices notices = notices(server(server.port()), LONG)) {
            assertThat(notices.send(notice(LETTER, recipients)))
                    .hasSize(bad.size())
                    .containsOnly(new Result.Rejected("address"));
            assertThat(server.connections()).isZero();

            assertThat(notices.send(
                            notice(LETTER, List.of(to("p0@", "홍길동"), to("p1@도메인.한국", "홍길동"), to("p2@m.kr", "홍길동")))))
                    .extracting(result -> result.getClass().getSimpleName())
                    .containsExactly("Rejected", "Accepted", "Accepted");
            assertThat(server.taken).containsExactly("p1", "p2");
            assertThat(server.commands).contains("RCPT TO:<p1@xn--hq1bm8jm9l.xn--3e0b707e>");
        }
    }

    @Test
    void ten_messages_go_over_one_connection_and_each_answer_is_for_its_recipient() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp((step, to, dialogue) -> switch (step + to) {
                    case "RCPT1" -> "550 5.1.1 <p1@mall.example>: no such user";
                    case "RCPT2" -> "450 4.2.1 <p2@mall.example>: greylisted";
                    case "RCPT3" -> "452 4.2.2 full";
                    case "DATA4" -> "554 no";
                    case ".5" -> "552 too large";
                    case ".6" -> "451 later";
                    case "RCPT7" -> "553 5.1.3 bad";
                    case ".8" -> "421 4.3.0 closing, nothing taken";
                    default -> null;
                });
                MailNotices notices = notices(server(server.port()), LONG)) {
            Notice notice = notice(10);
            assertThat(notices.send(notice))
                    .containsExactly(
                            accepted(notice, 0),
                            new Result.Rejected("550"),
                            new Result.Later("450"),
                            new Result.Later("452"),
                            new Result.Rejected("554"),
                            new Result.Rejected("552"),
                            new Result.Later("451"),
                            new Result.Rejected("553"),
                            new Result.Later("421"),
                            accepted(notice, 9));
            assertThat(server.taken).containsExactly("p0", "p9");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void without_a_server_nothing_is_taken() throws Exception {
        int closed;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = taken.getLocalPort();
        }
        try (MailNotices notices = notices(server(closed), LONG)) {
            assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> notices.send(notice(10)));
        }
        JavaMailSenderImpl unknown = server(25);
        unknown.setHost("no-such-server.invalid");
        try (MailNotices notices = notices(unknown, LONG)) {
            assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> notices.send(notice(10)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "banner, 421 busy",
        "banner, 554 no",
        "banner, silence",
        "banner, close",
        "EHLO, silence",
        "EHLO, close",
        "MAIL, 550 not you",
        "MAIL, 530 log in first",
        "MAIL, 451 slow down",
        "MAIL, 421 closing",
        "MAIL, close",
        "MAIL, silence",
        "RCPT, close",
        "RCPT, silence",
        "RCPT, 421 closing",
        "RCPT, 554 5.7.1 relaying denied",
        "RCPT, 550-5.7.26 we do not know you",
        "RCPT, 550 5.7.606 your address is banned",
        "DATA, close",
        "DATA, 421 closing",
        "DATA, silence",
        "text, close",
        "text, stall"
    })
    void a_server_that_takes_nothing_from_us_rejects_nobody(String where, String what) throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp((step, to, dialogue) -> {
                    if (!step.equals(where)) {
                        return null;
                    }
                    return switch (what) {
                        case "silence" -> dialogue.silence();
                        case "stall" -> dialogue.stall();
                        // A text that is larger than all buffers, so that its end cannot have been written.
                        case "close" -> dialogue.reset(where.equals("text") ? 2000 : 0);
                        case "550-5.7.26 we do not know you" ->
                            what + "\r\n550 5.7.26 and so <p0@mall.example> gets nothing";
                        default -> what;
                    };
                });
                MailNotices notices = notices(server(server.port()), SHORT)) {
            long start = System.nanoTime();
            Unavailable thrown = catchThrowableOfType(
                    Unavailable.class, () -> notices.send(notice(new Letter("s", "x".repeat(8_000_000)), 2)));
            assertThat(thrown).isNotNull();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusSeconds(5));
            for (@Nullable Throwable e = thrown; e != null; e = e.getCause()) {
                assertThat(e.toString()).doesNotContain("홍길동", "p0@", "p1@", "password1");
            }
            assertThat(server.taken).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RCPT", "DATA", "."})
    void a_server_that_wants_us_to_log_in_rejects_nobody_wherever_it_says_so(String where) throws Exception {
        for (String what : List.of("530 5.7.0 log in first", "535 wrong password")) {
            try (ScriptedSmtp server = new ScriptedSmtp((step, to, dialogue) -> step.equals(where) ? what : null);
                    MailNotices notices = notices(server(server.port()), LONG)) {
                Unavailable thrown = catchThrowableOfType(Unavailable.class, () -> notices.send(notice(1)));
                assertThat(thrown.getCause())
                        .hasMessage("the server wants us to log in, code %s, see spring.mail.username"
                                .formatted(what.substring(0, 3)));
            }
        }
    }

    /** What the server answers to recipients 0, 1, 2 …, and the results: a for accepted, r for rejected, l for later. */
    @ParameterizedTest
    @CsvSource({
        "554 5.7.1 no, r",
        "554 5.7.1 no|250 ok, ra",
        "250 ok|554 5.7.1 no|554 5.7.1 no, arr",
        "554 5.7.1 no|554 5.7.1 no|550 5.1.1 who, rrr",
        "554 5.7.1 no|554 5.7.1 no|450 4.2.2 full, rrl",
        "550 no|550 no, rr",
        "550 5.1.1 5.7.1|550 5.1.1 5.7.1, rr",
        "450 4.7.1 greylisted|450 4.7.1 greylisted, ll"
    })
    void a_rule_against_some_is_about_them_and_not_about_us(String answers, String results) throws Exception {
        String[] each = answers.split("\\|", -1);
        try (ScriptedSmtp server = new ScriptedSmtp((step, to, dialogue) -> step.equals("RCPT") ? each[to] : null);
                MailNotices notices = notices(server(server.port()), LONG)) {
            assertThat(notices.send(notice(each.length)).stream()
                            .map(result -> switch (result) {
                                case Result.Accepted accepted -> "a";
                                case Result.Rejected rejected -> "r";
                                case Result.Later later -> "l";
                                case Result.NotSent notSent -> "n";
                                case Result.Unknown unknown -> "u";
                            })
                            .collect(joining()))
                    .isEqualTo(results);
        }
    }

    @Test
    void a_rule_against_all_who_were_asked_is_named_and_rejects_nobody_though_time_ran_out_or_an_address_was_none()
            throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp((step, to, dialogue) ->
                        !step.equals("RCPT") ? null : to < 3 ? "554 5.7.1 <p@mall.example>: no" : dialogue.silence());
                MailNotices notices = notices(server(server.port()), SHORT)) {
            List<Recipient> recipients = new ArrayList<>(notice(5).recipients());
            recipients.set(2, to("nobody", "홍길동"));
            Unavailable thrown =
                    catchThrowableOfType(Unavailable.class, () -> notices.send(notice(LETTER, recipients)));
            assertThat(thrown).isNotNull();
        }
        try (ScriptedSmtp server = new ScriptedSmtp(
                        (step, to, dialogue) -> step.equals("RCPT") ? "554 5.7.1 <p@mall.example>: no" : null);
                MailNotices notices = notices(server(server.port()), LONG)) {
            Unavailable thrown = catchThrowableOfType(Unavailable.class, () -> notices.send(notice(2)));
            assertThat(thrown.getCause()).hasMessage("the server refused recipients by its rules, code 554 5.7.1");
        }
    }

    @Test
    void a_connection_that_breaks_before_the_final_dot_took_nothing_and_the_others_get_another_one() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(
                        (step, to, dialogue) -> step.equals("text") && to == 1 ? dialogue.reset(2000) : null);
                MailNotices notices = notices(server(server.port()), LONG)) {
            Notice notice = notice(new Letter("s", "x".repeat(4_000_000)), 4);
            assertThat(notices.send(notice))
                    .containsExactly(
                            accepted(notice, 0), new Result.NotSent(), accepted(notice, 2), accepted(notice, 3));
            assertThat(server.taken).containsExactly("p0", "p2", "p3");
            assertThat(server.connections())
                    .as("one broke, and one more of the same message")
                    .isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "reset", "nonsense"})
    void a_connection_that_breaks_after_the_final_dot_leaves_that_message_unknown(String how) throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp((step, to, dialogue) -> {
                    if (!step.equals(".") || to != 1) {
                        return null;
                    }
                    return switch (how) {
                        case "reset" -> dialogue.reset(0);
                        case "nonsense" -> "what?";
                        default -> throw new IOException("closed");
                    };
                });
                MailNotices notices = notices(server(server.port()), LONG)) {
            Notice notice = notice(4);
            assertThat(notices.send(notice))
                    .containsExactly(
                            accepted(notice, 0), new Result.Unknown(), accepted(notice, 2), accepted(notice, 3));
            assertThat(server.taken).containsExactly("p0", "p2", "p3");
        }
    }

    @Test
    void a_server_that_says_nothing_after_the_final_dot_leaves_one_unknown_and_the_others_for_later() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(
                        (step, to, dialogue) -> step.equals(".") && to == 1 ? dialogue.silence() : null);
                MailNotices notices = notices(server(server.port()), SHORT)) {
            Notice notice = notice(4);
            long start = System.nanoTime();
            assertThat(notices.send(notice))
                    .containsExactly(
                            accepted(notice, 0), new Result.Unknown(), new Result.NotSent(), new Result.NotSent());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusSeconds(5));
            assertThat(server.taken).containsExactly("p0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "banner"})
    void a_server_that_refuses_us_in_the_middle_leaves_the_others_for_later(String where) throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp((step, to, dialogue) -> {
                    if (where.equals("MAIL")) {
                        return step.equals("MAIL") && to == 1 ? "550 no more" : null;
                    }
                    if (step.equals("MAIL") && to == 1) {
                        return dialogue.reset(0);
                    }
                    return step.equals("banner") && dialogue.number > 1 ? "554 no more" : null;
                });
                MailNotices notices = notices(server(server.port()), LONG)) {
            Notice notice = notice(4);
            assertThat(notices.send(notice))
                    .containsExactly(
                            accepted(notice, 0), accepted(notice, 1), new Result.NotSent(), new Result.NotSent());
        }
    }

    @Test
    void a_server_that_closes_after_each_message_gets_them_all_the_same() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp((step, to, dialogue) ->
                        step.equals("MAIL") && to >= 0 ? "421 too many messages in this connection" : null);
                MailNotices notices = notices(server(server.port()), LONG)) {
            Notice notice = notice(5);
            assertThat(notices.send(notice)).allMatch(Result.Accepted.class::isInstance);
            assertThat(server.taken).containsExactly("p0", "p1", "p2", "p3", "p4");
            assertThat(server.connections()).isEqualTo(5);
        }
    }

    @Test
    void a_server_that_trickles_is_cut_at_the_deadline() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp((step, to, dialogue) -> {
                    if (!step.equals("RCPT")) {
                        return null;
                    }
                    dialogue.trickle(SHORT.dividedBy(10));
                    return null;
                });
                MailNotices notices = notices(server(server.port()), SHORT)) {
            long start = System.nanoTime();
            assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> notices.send(notice(4)));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusSeconds(5));
        }
    }

    @Test
    void an_interrupted_caller_learns_what_is_known() throws Exception {
        Thread caller = Thread.currentThread();
        try (ScriptedSmtp server = new ScriptedSmtp((step, to, dialogue) -> {
                    if (step.equals(".") && to == 1) {
                        caller.interrupt();
                        return dialogue.silence();
                    }
                    return null;
                });
                MailNotices notices = notices(server(server.port()), LONG)) {
            Notice notice = notice(3);
            assertThat(notices.send(notice))
                    .containsExactly(accepted(notice, 0), new Result.Unknown(), new Result.NotSent());
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_server_wants_the_password_and_tls_where_it_is_told_so(boolean right) throws Exception {
        GreenMail server = started(new GreenMail(ServerSetupTest.SMTPS.dynamicPort())
                .withConfiguration(GreenMailConfiguration.aConfig().withUser("user1", right ? "password1" : "other")));
        try {
            JavaMailSenderImpl sender = server(server.getSmtps().getPort());
            sender.setProtocol("smtps");
            sender.setUsername("user1");
            sender.setPassword("password1");
            Properties properties = sender.getJavaMailProperties();
            properties.setProperty("mail.smtps.auth", "true");
            properties.setProperty("mail.smtps.ssl.trust", "*");
            properties.setProperty("mail.smtps.ssl.checkserveridentity", "false");
            try (MailNotices notices = notices(sender, LONG)) {
                if (right) {
                    assertThat(notices.send(notice(2))).allMatch(Result.Accepted.class::isInstance);
                    assertThat(server.getReceivedMessages()).hasSize(2);
                } else {
                    Unavailable thrown = catchThrowableOfType(Unavailable.class, () -> notices.send(notice(2)));
                    assertThat(thrown.getCause())
                            .hasMessageNotContaining("password1")
                            .isInstanceOf(jakarta.mail.AuthenticationFailedException.class);
                }
            }
        } finally {
            server.stop();
        }
    }

    @Test
    void what_is_not_set_is_named() {
        StaticListableBeanFactory none = new StaticListableBeanFactory(Map.of());
        try (MailNotices notices = new MailNotices(
                new MailSettings("a@mall.example", LONG), none.getBeanProvider(JavaMailSenderImpl.class), CLOCK)) {
            Unavailable thrown = catchThrowableOfType(Unavailable.class, () -> notices.send(notice(1)));
            assertThat(thrown.getCause()).hasMessage("spring.mail.host is not set");
        }
        StaticListableBeanFactory one = new StaticListableBeanFactory(Map.of("server", server(25)));
        try (MailNotices notices =
                new MailNotices(new MailSettings("", LONG), one.getBeanProvider(JavaMailSenderImpl.class), CLOCK)) {
            Unavailable thrown = catchThrowableOfType(Unavailable.class, () -> notices.send(notice(1)));
            assertThat(thrown.getCause()).hasMessage("mallstream.notice.mail.from is not set");
        }
    }

    @Test
    void more_than_ten_or_nobody_or_no_letter_is_not_sent_and_nothing_can_be_looked_up() {
        try (MailNotices notices = notices(server(25), LONG)) {
            assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> notices.send(notice(11)));
            assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> notices.send(notice(0)));
            assertThatExceptionOfType(InvalidValue.class)
                    .isThrownBy(() -> notices.send(new Notice(
                            UUID.randomUUID(), "YEARLY", null, notice(1).recipients())));
            assertThat(notices.lookUp(UUID.randomUUID(), NOW)).isEmpty();
        }
    }

    private static GreenMail started(GreenMail server) {
        server.start();
        return server;
    }

    private static JavaMailSenderImpl server(int port) {
        JavaMailSenderImpl server = new JavaMailSenderImpl();
        server.setHost("127.0.0.1");
        server.setPort(port);
        server.setDefaultEncoding(StandardCharsets.UTF_8.name());
        return server;
    }

    private static MailNotices notices(JavaMailSenderImpl server, Duration timeout) {
        return new MailNotices(
                new MailSettings("몰 <notice@mall.example>", timeout),
                new StaticListableBeanFactory(Map.of("server", server)).getBeanProvider(JavaMailSenderImpl.class),
                CLOCK);
    }

    private static Notice notice(int recipients) {
        return notice(LETTER, recipients);
    }

    private static Notice notice(Letter letter, int recipients) {
        return notice(
                letter,
                IntStream.range(0, recipients)
                        .mapToObj(n -> to("p" + n + "@mall.example", "홍길동"))
                        .toList());
    }

    private static Notice notice(Letter letter, List<Recipient> recipients) {
        return new Notice(UUID.randomUUID(), "YEARLY", letter, recipients);
    }

    private static Recipient to(String address, String name) {
        return new Recipient(UUID.randomUUID(), address, name);
    }

    private static Result accepted(Notice notice, int recipient) {
        return new Result.Accepted(notice.recipients().get(recipient).rowId() + "@mall.example");
    }
}
