package mallstream.notification;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mallstream.member.application.port.out.SendNotices;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.Unavailable;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.stereotype.Component;

/**
 * Notices by mail, a message per person and a connection per call.
 *
 * <p>Spring's sender has the server's settings and makes the session, but does not send: it tells of the messages of a call
 * only at its end, and loses what it knows where it cannot log in a second time. Here each answer is kept as it comes.
 *
 * <p>A message of which no answer came is unknown if its final dot can have been written, and else was not taken. A broken
 * connection is made again for the messages that remain, as long as each one gets at least one of them further.
 */
@Component
class MailNotices implements SendNotices, AutoCloseable {
    private static final String WHAT = "mail server";
    /** Messages of a call. No server can be asked later, so a crash leaves that many unknown for ever. */
    private static final int MOST = 10;
    /** Calls, and so connections, at the same time; one that finds no place within two timeouts is not made. */
    private static final int MOST_CALLS = 10;

    private static final int CLOSING = 421;
    /** Log in first, and: wrong password. Said of a recipient too, and never about one. */
    private static final Set<Integer> LOG_IN = Set.of(530, 535);
    /** RFC 3463, 3.8: a rule forbids it. For the moment (4.7.x) it is no sign, or a greylist would hold everybody. */
    private static final Pattern FORBIDDEN = Pattern.compile("5[0-9]{2}[ -](5\\.7\\.[0-9]{1,3})\\b.*", Pattern.DOTALL);
    /** So many recipients that are all forbidden are the fewest that say something about us, and not about one of them. */
    private static final int FEWEST_FORBIDDEN = 2;

    private final MailSettings settings;
    private final ObjectProvider<JavaMailSenderImpl> servers;
    private final Clock clock;
    private final BoundedCalls calls;

    /** How a call ended. */
    private sealed interface Ended {
        /** With results. */
        record Answered(List<Result> results) implements Ended {}

        /** Certainly without effect. */
        record NotTaken(Exception cause) implements Ended {}
    }

    MailNotices(MailSettings settings, ObjectProvider<JavaMailSenderImpl> servers, Clock clock) {
        this.settings = settings;
        this.servers = servers;
        this.clock = clock;
        this.calls = new BoundedCalls("mail-", MOST_CALLS, MOST_CALLS, settings.timeout());
    }

    @Override
    public NoticeChannel channel() {
        return NoticeChannel.MAIL;
    }

    @Override
    public int most() {
        return MOST;
    }

    /** {@inheritDoc} Takes three times the setting {@code timeout} at the most: two for a place, one for the call. */
    @Override
    public List<Result> send(Notice notice) {
        int recipients = notice.recipients().size();
        if (recipients < 1 || recipients > MOST) {
            throw new InvalidValue("recipients", "must be 1 to " + MOST);
        }
        Letter letter = notice.letter();
        if (letter == null) {
            throw new InvalidValue("letter", "must be there for mail");
        }
        JavaMailSenderImpl server = servers.getIfAvailable();
        if (server == null) {
            throw new Unavailable(WHAT, new IllegalStateException("spring.mail.host is not set"));
        }
        if (settings.from().isEmpty()) {
            throw new Unavailable(WHAT, new IllegalStateException("mallstream.notice.mail.from is not set"));
        }
        var delivery = new Delivery(server, messages(server.getSession(), letter, notice.recipients()));
        return switch (calls.run(List.of(delivery)).getFirst()) {
            case Ended.Answered answered -> answered.results();
            case Ended.NotTaken notTaken -> throw new Unavailable(WHAT, notTaken.cause());
        };
    }

    /** {@inheritDoc} A mail server cannot be asked. */
    @Override
    public Optional<Map<UUID, Result>> lookUp(UUID callId, Instant begunAt) {
        return Optional.empty();
    }

    @Override
    public void close() {
        calls.close();
    }

    private List<OneMail> messages(Session session, Letter letter, List<Recipient> recipients) {
        List<OneMail> messages = new ArrayList<>();
        for (Recipient recipient : recipients) {
            try {
                messages.add(OneMail.of(session, settings, letter, recipient, clock.instant()));
            } catch (MessagingException e) {
                // Its words could hold the address.
                throw new IllegalStateException(
                        "A message could not be made: " + e.getClass().getName());
            }
        }
        return messages;
    }

    /** The messages of a call, over one connection as long as it holds. */
    private static final class Delivery implements BoundedCalls.Call<Ended> {
        private final JavaMailSenderImpl server;
        private final List<OneMail> messages;
        /** Those without a result before the server was asked. */
        private final List<OneMail> asked;
        /** Whose recipients were refused by a rule of the server. */
        private final Set<OneMail> forbidden = ConcurrentHashMap.newKeySet();
        /** Why some were not taken, without a word that the server said: it could quote addresses. */
        private final AtomicReference<Exception> why = new AtomicReference<>(new IOException("nothing was sent"));

        private Delivery(JavaMailSenderImpl server, List<OneMail> messages) {
            this.server = server;
            this.messages = messages;
            this.asked = messages.stream().filter(each -> each.result() == null).toList();
        }

        @Override
        public Object key() {
            return server;
        }

        @Override
        public Ended make() {
            try {
                int next = 0;
                while (next < asked.size()) {
                    next += overOneConnection(asked.subList(next, asked.size()));
                }
            } catch (MessagingException e) {
                // Before any recipient was named, so the words are about us.
                why.set(e);
            }
            return ended();
        }

        @Override
        public Ended missed(BoundedCalls.Missed missed) {
            why.set(new IOException("no answer: " + missed));
            messages.forEach(OneMail::cut);
            return ended();
        }

        private Ended ended() {
            if (forbidden.size() >= FEWEST_FORBIDDEN
                    && asked.stream().allMatch(each -> each.result() == null || forbidden.contains(each))) {
                return new Ended.NotTaken(why.get());
            }
            return messages.stream().allMatch(each -> each.result() == null)
                    ? new Ended.NotTaken(why.get())
                    : new Ended.Answered(messages.stream().map(Delivery::result).toList());
        }

        private static Result result(OneMail message) {
            Result said = message.result();
            return said == null ? new Result.NotSent() : said;
        }

        /**
         * Sends until the connection breaks.
         *
         * @return how many of the messages are finished, at least one
         * @throws MessagingException if there is no connection, or the server does not take mail from us
         */
        private int overOneConnection(List<OneMail> open) throws MessagingException {
            String protocol = server.getProtocol() == null ? "smtp" : server.getProtocol();
            Transport transport = server.getSession().getTransport(protocol);
            if (!(transport instanceof SMTPTransport smtp)) {
                throw new MessagingException("spring.mail.protocol must be smtp or smtps");
            }
            // What tells whether the connection holds also clears what a refusal has left.
            smtp.setUseRset(true);
            try {
                smtp.connect(server.getHost(), server.getPort(), orNone(server.getUsername()), server.getPassword());
                for (int tried = 0; tried < open.size(); tried++) {
                    if (!send(smtp, open.get(tried)) && !smtp.isConnected()) {
                        // Where others went before it, it may not be to blame, and is the first of the next connection.
                        return tried > 0 && open.get(tried).result() == null ? tried : tried + 1;
                    }
                }
                return open.size();
            } finally {
                close(smtp);
            }
        }

        /** @return whether the next message can follow without a look at the connection */
        private boolean send(SMTPTransport smtp, OneMail message) throws MessagingException {
            try {
                smtp.sendMessage(message, message.getAllRecipients());
                message.settle(new Result.Accepted(message.id()));
                return true;
            } catch (MessagingException e) {
                int code = code(e);
                if (LOG_IN.contains(code)) {
                    throw new MessagingException(
                            "the server wants us to log in, code " + code + ", see spring.mail.username");
                }
                if (ofOurs(e)) {
                    throw new MessagingException("the server refused our own address with code " + code
                            + ", see mallstream.notice.mail.from");
                }
                String rule = rule(e);
                if (rule != null) {
                    why.set(new IOException("the server refused recipients by its rules, code " + code + " " + rule));
                    forbidden.add(message);
                }
                if (code == CLOSING && !message.written()) {
                    why.set(new IOException("the server is closing"));
                    close(smtp);
                } else if (code / 100 == 4) {
                    message.settle(new Result.Later(Integer.toString(code)));
                } else if (code / 100 == 5) {
                    message.settle(new Result.Rejected(Integer.toString(code)));
                } else {
                    why.set(new IOException("the connection broke"));
                    if (message.written()) {
                        message.settle(new Result.Unknown());
                    }
                    close(smtp);
                }
                return false;
            }
        }

        /** An empty variable means no user, as it does for Spring's sender. */
        private static @Nullable String orNone(@Nullable String user) {
            return user == null || user.isEmpty() ? null : user;
        }

        private static void close(Transport transport) {
            try {
                transport.close();
            } catch (MessagingException e) {
                // The answers are there; how the connection ends changes nothing.
            }
        }
    }

    /** What the server answered; less than 400 where it did not. */
    private static int code(MessagingException failure) {
        for (Exception each = failure; each instanceof MessagingException e; each = e.getNextException()) {
            if (each instanceof SMTPAddressFailedException refused) {
                return refused.getReturnCode();
            }
            if (each instanceof SMTPSendFailedException refused) {
                return refused.getReturnCode();
            }
        }
        return -1;
    }

    /** By which rule the server refused the recipient, as an enhanced code; {@code null} where it did not name one. */
    private static @Nullable String rule(MessagingException failure) {
        for (Exception each = failure; each instanceof MessagingException e; each = e.getNextException()) {
            if (each instanceof SMTPAddressFailedException refused && refused.getMessage() != null) {
                Matcher said = FORBIDDEN.matcher(refused.getMessage());
                return said.matches() ? said.group(1) : null;
            }
        }
        return null;
    }

    /** Whether it was about the sender, which is the same for all. */
    private static boolean ofOurs(MessagingException failure) {
        return failure instanceof SMTPSendFailedException refused
                && refused.getCommand().startsWith("MAIL")
                && refused.getReturnCode() >= 400
                && refused.getReturnCode() != CLOSING;
    }
}
