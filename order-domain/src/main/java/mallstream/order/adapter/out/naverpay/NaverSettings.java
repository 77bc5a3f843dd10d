package mallstream.order.adapter.out.naverpay;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.MallId;
import mallstream.order.model.PullPlan;
import org.jspecify.annotations.Nullable;

/**
 * The Naver Pay accounts that are pulled; the keys are {@code mallstream.order.naver.*}.
 *
 * @param baseUrl http or https, without user info, query and fragment
 * @param pollInterval from one look at an account that is caught up to the next, 1 s to 1 h
 * @param overlap how far each window reaches back into the one before, 0 to 6 h
 * @param accounts one per mall at most, 100 in all; absent: nothing is pulled
 */
public record NaverSettings(
        URI baseUrl,
        Duration pollInterval,
        Duration overlap,
        @Nullable List<Account> accounts) {
    private static final int MOST_ACCOUNTS = 100;

    /** @throws IllegalArgumentException if a value is out of range; the message starts with its name */
    public NaverSettings {
        if (String.valueOf(baseUrl.getRawAuthority()).contains("@")) {
            throw new IllegalArgumentException("base-url: must carry no user info");
        }
        boolean http = "http".equalsIgnoreCase(baseUrl.getScheme()) || "https".equalsIgnoreCase(baseUrl.getScheme());
        if (!http || baseUrl.getHost() == null || baseUrl.getRawQuery() != null || baseUrl.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "base-url: must be http(s)://host[:port][/path] without query and fragment");
        }
        within("poll-interval", pollInterval, Duration.ofSeconds(1), Duration.ofHours(1));
        within("overlap", overlap, Duration.ZERO, Duration.ofHours(6));
        accounts = accounts == null ? List.of() : List.copyOf(accounts);
        if (accounts.size() > MOST_ACCOUNTS) {
            throw new IllegalArgumentException("accounts: must be at most " + MOST_ACCOUNTS);
        }
        if (accounts.stream().map(Account::mallId).distinct().count() < accounts.size()) {
            throw new IllegalArgumentException("accounts: must be of different malls");
        }
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "%s: must be %d s to %d s".formatted(name, least.toSeconds(), most.toSeconds()));
        }
    }

    List<Account> all() {
        return accounts == null ? List.of() : accounts;
    }

    /** What is pulled, without what it is pulled with. */
    public PullPlan plan() {
        return new PullPlan(
                all().stream()
                        .map(account -> new PullPlan.Account(account.mall(), account.beginning()))
                        .toList(),
                pollInterval,
                overlap);
    }

    /** Whom the application acts for. */
    public enum Type {
        /** Its own shop. */
        SELF,
        /** A seller that allowed it. */
        SELLER
    }

    /**
     * One mall's account.
     *
     * @param mallId the mall
     * @param clientId the application, 1 to 50 letters, digits, {@code _}, {@code .} and {@code -}
     * @param clientSecret the application's secret, which has the form of a bcrypt salt
     * @param type whom it acts for
     * @param accountId the seller; with {@code SELLER} only, and always
     * @param since ISO 8601 with a zone; changes from then on are pulled
     */
    public record Account(
            String mallId,
            String clientId,
            String clientSecret,
            Type type,
            @Nullable String accountId,
            String since) {
        /** Bcrypt takes 72 bytes; the time stamp behind it has 14. */
        private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9_.-]{1,50}");

        private static final Pattern SALT = Pattern.compile("\\$2[aby]?\\$(0[4-9]|1[0-4])\\$[./A-Za-z0-9]{22}");
        private static final Pattern ACCOUNT_ID = Pattern.compile("[!-~]{1,100}");

        /** @throws IllegalArgumentException if a value is wrong; the message starts with its name and shows no value */
        public Account {
            try {
                mallId = new MallId(mallId).value();
            } catch (InvalidValue wrong) {
                throw new IllegalArgumentException(
                        "mall-id: " + String.valueOf(wrong.getMessage()).replaceFirst("^\\w+: ", ""), wrong);
            }
            matching("client-id", clientId, CLIENT_ID);
            if (!SALT.matcher(clientSecret).matches()) {
                throw new IllegalArgumentException(
                        "client-secret: must be the secret as Naver shows it, $2a$ with a cost of 04 to 14, $ and 22 characters");
            }
            Objects.requireNonNull(type, "type");
            if ((accountId == null) == (type == Type.SELLER)) {
                throw new IllegalArgumentException("account-id: "
                        + (accountId == null ? "must be set with type SELLER" : "only with type SELLER"));
            }
            if (accountId != null) {
                matching("account-id", accountId, ACCOUNT_ID);
            }
            try {
                Instant.parse(since);
            } catch (DateTimeException wrong) {
                throw new IllegalArgumentException("since: must be a time such as 2026-01-02T03:04:05Z", wrong);
            }
        }

        private static void matching(String name, String value, Pattern form) {
            if (!form.matcher(value).matches()) {
                throw new IllegalArgumentException(name + ": must match " + form);
            }
        }

        MallId mall() {
            return new MallId(mallId);
        }

        Instant beginning() {
            return Instant.parse(since);
        }

        /** Names the mall only. */
        @Override
        public String toString() {
            return "Account[" + mallId + "]";
        }
    }
}
