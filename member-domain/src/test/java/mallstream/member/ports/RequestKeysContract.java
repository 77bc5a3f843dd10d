package mallstream.member.ports;

import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import mallstream.member.application.port.out.RequestKeys.Known;
import mallstream.member.model.RequestKey;
import org.junit.jupiter.api.Test;

abstract class RequestKeysContract extends Contract {
    private static final RequestKey KEY = new RequestKey("shop", "POST", "/api/members", "k-1", new byte[] {1, 2});

    RequestKeysContract(Ports ports) {
        super(ports);
    }

    private Known claim(RequestKey key) {
        return inOne(() -> ports.keys().claim(key, NOW.minusSeconds(60)));
    }

    private UUID used(RequestKey key) {
        UUID created = uuid();
        ports.run(() -> {
            ports.keys().claim(key, NOW.minusSeconds(60));
            ports.keys().remember(key, created, NOW);
        });
        return created;
    }

    @Test
    void a_key_that_was_not_used_is_fresh() {
        assertThat(claim(KEY)).isEqualTo(new Known.Fresh());
    }

    @Test
    void a_key_that_was_claimed_and_not_remembered_stays_fresh() {
        claim(KEY);

        assertThat(claim(KEY)).isEqualTo(new Known.Fresh());
    }

    @Test
    void a_key_used_for_the_same_body_tells_what_was_created() {
        assertThat(used(KEY)).satisfies(created -> assertThat(claim(KEY)).isEqualTo(new Known.Used(created)));
    }

    @Test
    void a_key_used_for_another_body_says_so() {
        used(KEY);

        var otherBody = new RequestKey(KEY.caller(), KEY.method(), KEY.path(), KEY.key(), new byte[] {1, 3});
        assertThat(claim(otherBody)).isEqualTo(new Known.UsedForAnotherBody());
    }

    @Test
    void caller_method_path_and_key_are_the_scope_together() {
        used(KEY);

        byte[] body = KEY.bodyHash();
        assertThat(List.of(
                        new RequestKey("other", "POST", "/api/members", "k-1", body),
                        new RequestKey("shop", "PUT", "/api/members", "k-1", body),
                        new RequestKey("shop", "POST", "/api/others", "k-1", body),
                        new RequestKey("shop", "POST", "/api/members", "k-2", body),
                        new RequestKey("shopP", "OST", "/api/members", "k-1", body)))
                .allSatisfy(key -> assertThat(claim(key)).isEqualTo(new Known.Fresh()));
    }

    @Test
    void a_key_in_another_transaction_is_held_until_that_one_ends() {
        Known meanwhile = inOne(() -> {
            ports.keys().claim(KEY, NOW.minusSeconds(60));
            return elsewhere();
        });

        assertThat(meanwhile).isEqualTo(new Known.Held());
        assertThat(claim(KEY)).isEqualTo(new Known.Fresh());
    }

    private Known elsewhere() {
        try (var other = Executors.newSingleThreadExecutor()) {
            return other.submit(() -> claim(KEY)).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void an_old_key_counts_no_more_and_can_be_used_anew() {
        used(KEY);

        assertThat(inOne(() -> ports.keys().claim(KEY, NOW))).isEqualTo(new Known.Fresh());
        UUID second = used(KEY);
        assertThat(claim(KEY)).isEqualTo(new Known.Used(second));
    }

    @Test
    void old_keys_are_forgotten_in_bites() {
        for (int i = 0; i < 5; i++) {
            used(new RequestKey("shop", "POST", "/p", "k-" + i, new byte[0]));
        }

        assertThat(inOne(() -> ports.keys().purge(NOW.minusMillis(1), 10))).isZero();
        assertThat(inOne(() -> ports.keys().purge(NOW, 3))).isEqualTo(3);
        assertThat(inOne(() -> ports.keys().purge(NOW, 3))).isEqualTo(2);
        assertThat(inOne(() -> ports.keys().purge(NOW, 3))).isZero();
    }
}
