package mallstream.order.application.service;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import mallstream.order.application.port.in.ForgetHandInKeys;
import mallstream.order.application.port.in.HandInOrder;
import mallstream.order.application.port.in.UseCase;
import mallstream.order.application.port.out.HandInKeys;
import mallstream.order.application.port.out.PublishChannelOrders;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.model.Channel;
import mallstream.order.model.MallId;
import org.jspecify.annotations.Nullable;

/** Publishes outside of any transaction, so that a slow broker holds no database connection. */
@UseCase
class HandingInOrders implements HandInOrder, ForgetHandInKeys {
    private static final Duration KEPT = Duration.ofHours(24);

    private final PublishChannelOrders channelOrders;
    private final HandInKeys keys;
    private final Transactions transactions;
    private final Clock clock;

    HandingInOrders(PublishChannelOrders channelOrders, HandInKeys keys, Transactions transactions, Clock clock) {
        this.channelOrders = channelOrders;
        this.keys = keys;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public HandedIn handIn(Channel channel, MallId mallId, byte[] body, @Nullable RepeatKey key) {
        if (key == null) {
            channelOrders.publish(channel, mallId, body);
            return new HandedIn.Published();
        }
        String scope = sha256((key.caller() + "\n" + key.call() + "\n" + key.key()).getBytes(StandardCharsets.UTF_8));
        String hash = sha256(body);
        Optional<String> before = transactions.inOne(() -> keys.bodyUnder(scope, clock.instant()));
        if (before.isPresent()) {
            return before.get().equals(hash) ? new HandedIn.PublishedBefore() : new HandedIn.KeyOfAnotherBody();
        }
        channelOrders.publish(channel, mallId, body);
        transactions.inOne(() -> {
            Instant now = clock.instant();
            return keys.keep(scope, hash, now, now.plus(KEPT));
        });
        return new HandedIn.Published();
    }

    @Override
    public int forgetExpired() {
        return transactions.inOne(() -> keys.forget(clock.instant()));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
