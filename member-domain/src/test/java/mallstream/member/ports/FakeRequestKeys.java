package mallstream.member.ports;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.model.RequestKey;

final class FakeRequestKeys implements RequestKeys {
    private final FakeTransactions transactions;
    private final Map<List<String>, Row> rows = new HashMap<>();
    private final Set<List<String>> held = new HashSet<>();

    FakeRequestKeys(FakeTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public synchronized Known claim(RequestKey key, Instant since) {
        transactions.mustBeOpen();
        List<String> scope = scope(key);
        if (!held.add(scope)) {
            return new Known.Held();
        }
        transactions.atEnd(() -> release(scope));
        Row row = rows.get(scope);
        if (row == null || !row.at().isAfter(since)) {
            return new Known.Fresh();
        }
        return Arrays.equals(row.bodyHash(), key.bodyHash())
                ? new Known.Used(row.created())
                : new Known.UsedForAnotherBody();
    }

    @Override
    public synchronized void remember(RequestKey key, UUID created, Instant now) {
        transactions.mustBeOpen();
        rows.put(scope(key), new Row(key.bodyHash(), created, now));
    }

    @Override
    public synchronized int purge(Instant before, int most) {
        transactions.mustBeOpen();
        var old = rows.entrySet().stream()
                .filter(row -> !row.getValue().at().isAfter(before))
                .map(Map.Entry::getKey)
                .limit(most)
                .toList();
        old.forEach(rows::remove);
        return old.size();
    }

    private synchronized void release(List<String> scope) {
        held.remove(scope);
    }

    private static List<String> scope(RequestKey key) {
        return List.of(key.caller(), key.method(), key.path(), key.key());
    }

    private record Row(byte[] bodyHash, UUID created, Instant at) {}
}
