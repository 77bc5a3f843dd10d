package mallstream.member.model;

import java.time.Instant;

/**
 * A version of a text of ours for notices by mail. {@code {name}} stands for the member's name in both parts.
 *
 * @param code 1 to 50 of letters, digits, {@code _ . -}
 * @param version 1 or more
 * @param subject one line, 1 to 200 characters
 * @param body plain text, 1 to 20,000 characters
 * @param madeAt when the version was made
 */
public record NoticeTemplate(String code, int version, String subject, String body, Instant madeAt) {
    /** Stands for the member's name. */
    public static final String NAME = "{name}";

    private static final int LONGEST_SUBJECT = 200;
    private static final int LONGEST_BODY = 20_000;

    /** @throws InvalidValue if a value has another form */
    public NoticeTemplate {
        NoticeCampaign.checkTemplate(code);
        // A line break in a subject would begin a header of the mail.
        if (subject.isBlank()
                || subject.length() > LONGEST_SUBJECT
                || subject.codePoints().anyMatch(NoticeTemplate::breaksLines)) {
            throw new InvalidValue("subject", "must be one line of 1 to " + LONGEST_SUBJECT + " characters");
        }
        if (body.isBlank() || body.length() > LONGEST_BODY || body.indexOf(0) >= 0) {
            throw new InvalidValue("body", "must be 1 to " + LONGEST_BODY + " characters");
        }
    }

    private static boolean breaksLines(int point) {
        return Character.isISOControl(point) || point == 0x2028 || point == 0x2029;
    }

    /** Whether it says the same as another version. */
    public boolean saysSameAs(NoticeTemplate other) {
        return subject.equals(other.subject) && body.equals(other.body);
    }
}
