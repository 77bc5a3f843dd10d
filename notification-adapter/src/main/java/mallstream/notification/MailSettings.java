package mallstream.notification;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;

/**
 * Notices by mail; the keys are {@code mallstream.notice.mail.*}. The server's are {@code spring.mail.*}.
 *
 * @param from the address that notices come from, alone or as {@code Name <address>}; empty where no mail is sent
 * @param timeout for one call of up to ten messages in all, 1 to 60 s
 */
public record MailSettings(String from, Duration timeout) {
    private static final String PREFIX = "mallstream.notice.mail.";
    /** Of the ids of messages, which are kept in a column. */
    private static final int LONGEST_DOMAIN = 60;

    /** @throws IllegalArgumentException if a value is out of range; the message names key, value and range */
    public MailSettings {
        Ranges.check(PREFIX + "timeout", timeout, Duration.ofSeconds(1), Duration.ofSeconds(60));
        if (!from.isEmpty()) {
            String domain = domain(sender(from));
            if (domain.isEmpty() || domain.length() > LONGEST_DOMAIN) {
                throw invalid(from);
            }
        }
    }

    /** The address that notices come from, which must be set. */
    InternetAddress sender() {
        return sender(from);
    }

    /** What stands behind its at. */
    String domain() {
        return domain(sender());
    }

    private static InternetAddress sender(String from) {
        try {
            InternetAddress[] addresses = InternetAddress.parse(from, true);
            if (addresses.length != 1 || from.chars().anyMatch(Character::isISOControl)) {
                throw invalid(from);
            }
            addresses[0].validate();
            return addresses[0];
        } catch (AddressException e) {
            throw invalid(from);
        }
    }

    private static String domain(InternetAddress address) {
        return address.getAddress().substring(address.getAddress().lastIndexOf('@') + 1);
    }

    private static IllegalArgumentException invalid(String from) {
        return new IllegalArgumentException(PREFIX + "from is '" + from
                + "', must be one mail address with a domain of at most " + LONGEST_DOMAIN + " characters");
    }
}
