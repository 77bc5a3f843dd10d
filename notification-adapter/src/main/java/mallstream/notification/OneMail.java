package mallstream.notification;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import mallstream.member.application.port.out.SendNotices.Letter;
import mallstream.member.application.port.out.SendNotices.Recipient;
import mallstream.member.application.port.out.SendNotices.Result;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way, which knows whether the server can have it: only once all of it is written can the final dot
 * follow, and without that dot no server takes a message.
 */
final class OneMail extends MimeMessage {
    /** What every server takes as it is; no comma, so no second recipient. */
    private static final Pattern LOCAL_PART = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}");

    private final String id;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.BEFORE_THE_DOT);
    private final AtomicReference<@Nullable Result> result = new AtomicReference<>();

    private enum Stage {
        BEFORE_THE_DOT,
        WRITTEN,
        CUT
    }

    private OneMail(Session session, String id) {
        super(session);
        this.id = id;
    }

    /**
     * @param settings where it comes from
     * @param letter its text
     * @param to whom it is for; one whose address no server would take is rejected at once
     * @param at its date
     */
    static OneMail of(Session session, MailSettings settings, Letter letter, Recipient to, Instant at)
            throws MessagingException {
        OneMail mail = new OneMail(session, to.rowId() + "@" + settings.domain());
        mail.setFrom(settings.sender());
        InternetAddress address = address(to.address());
        if (address == null) {
            mail.settle(new Result.Rejected("address"));
        } else {
            mail.setRecipient(Message.RecipientType.TO, address);
        }
        mail.setSubject(oneLine(letter.subject().replace("{name}", to.name())), StandardCharsets.UTF_8.name());
        // A text that is encoded as a whole keeps its line breaks, and in mail they are these (RFC 2045, 6.8).
        String body = letter.body().replace("{name}", to.name()).replaceAll("\\R", "\r\n");
        mail.setText(body, StandardCharsets.UTF_8.name());
        mail.setSentDate(Date.from(at));
        // So that nobody's absence notice comes back (RFC 3834).
        mail.setHeader("Auto-Submitted", "auto-generated");
        mail.saveChanges();
        return mail;
    }

    /** The name of a person could hold line breaks, and after one of them a header of its own. */
    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
    }

    private static @Nullable InternetAddress address(String text) {
        int at = text.lastIndexOf('@');
        try {
            String local = text.substring(0, Math.max(at, 0));
            String domain = IDN.toASCII(text.substring(at + 1), IDN.USE_STD3_ASCII_RULES);
            return LOCAL_PART.matcher(local).matches() && !domain.isEmpty()
                    ? new InternetAddress(local + "@" + domain, true)
                    : null;
        } catch (MessagingException | IllegalArgumentException e) {
            return null;
        }
    }

    /** The same for the same row: whoever gets it twice all the same can see that it is one. */
    String id() {
        return id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", "<" + id + ">");
    }

    /** {@inheritDoc} The transport calls it between its DATA and its final dot. */
    @Override
    public void writeTo(OutputStream out, String @Nullable [] ignored) throws IOException, MessagingException {
        if (stage.get() == Stage.CUT) {
            throw new InterruptedIOException("cut before writing");
        }
        super.writeTo(out, ignored);
        if (!stage.compareAndSet(Stage.BEFORE_THE_DOT, Stage.WRITTEN)) {
            // The transport drops the connection then, and the dot is never written.
            throw new InterruptedIOException("cut before the final dot");
        }
    }

    /** Whether the final dot may have been written. */
    boolean written() {
        return stage.get() == Stage.WRITTEN;
    }

    /** Keeps what the server said; the first counts. */
    void settle(Result said) {
        result.compareAndSet(null, said);
    }

    /** No answer came: what is not written by now will not be, and what was written is unknown. */
    void cut() {
        if (stage.getAndUpdate(now -> now == Stage.WRITTEN ? now : Stage.CUT) == Stage.WRITTEN) {
            settle(new Result.Unknown());
        }
    }

    /** What is known of it; {@code null} where it was certainly not taken and the server said nothing of it. */
    @Nullable
    Result result() {
        return result.get();
    }
}
