package mallstream.member.model;

import java.time.Duration;

/**
 * What happens to a webhook endpoint's old secret, {@code mallstream.webhook.rotation.*}.
 *
 * @param overlap how long the old secret signs beside the new one, 0 to 30 days; then it is forgotten. 0: at once, and
 *     a receiver that has not learnt the new one yet refuses what it gets
 */
public record SecretRotation(Duration overlap) {
    /** @throws IllegalArgumentException if the overlap is out of its range */
    public SecretRotation {
        if (overlap.isNegative() || overlap.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException("overlap: must be 0s to 30d");
        }
    }
}
