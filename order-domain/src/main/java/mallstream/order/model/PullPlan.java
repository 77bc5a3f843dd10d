package mallstream.order.model;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whose Naver Pay orders are pulled, and how often.
 *
 * @param accounts at most one per mall; none: nothing is pulled
 * @param pollInterval from one look at an account that is caught up to the next
 * @param overlap how far each window reaches back into the one before, for changes that the source shows late
 */
public record PullPlan(List<Account> accounts, Duration pollInterval, Duration overlap) {
    /** @throws InvalidValue if a mall has two accounts */
    public PullPlan {
        accounts = List.copyOf(accounts);
        Set<MallId> malls = new HashSet<>();
        for (Account account : accounts) {
            if (!malls.add(account.mallId())) {
                throw new InvalidValue("accounts", "must be of different malls");
            }
        }
    }

    /**
     * One mall's account.
     *
     * @param mallId the mall; it also names the account
     * @param since changes from then on are pulled
     */
    public record Account(MallId mallId, Instant since) {}

    /**
     * A mall's account.
     *
     * @throws InvalidValue if it has none
     */
    public Account of(MallId mallId) {
        return accounts.stream()
                .filter(account -> account.mallId().equals(mallId))
                .findFirst()
                .orElseThrow(() -> new InvalidValue("mallId", "must be one whose orders are pulled"));
    }
}
