package mallstream.member.ports;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.model.Member;
import mallstream.member.model.PointEntry;
import mallstream.member.model.PointLot;
import org.jspecify.annotations.Nullable;

final class FakePointLedger implements PointLedger {
    private final FakeTransactions transactions;
    private final FakeMembers members;
    private final Map<UUID, PointLot> lots = new LinkedHashMap<>();
    private final List<PointEntry> ledger = new ArrayList<>();

    FakePointLedger(FakeTransactions transactions, FakeMembers members) {
        this.transactions = transactions;
        this.members = members;
    }

    @Override
    public synchronized Set<Member.Key> grantOnce(Collection<PointLot> wanted) {
        transactions.mustBeOpen();
        var granted = new HashSet<Member.Key>();
        for (PointLot lot : wanted) {
            if (!members.hasWithdrawn(lot.owner())
                    && lots.values().stream()
                            .noneMatch(one -> one.owner().equals(lot.owner())
                                    && one.source().equals(lot.source()))) {
                lots.put(lot.id(), lot);
                ledger.add(new PointEntry.Grant(lot.id(), lot.granted(), lot.grantedAt()));
                granted.add(lot.owner());
            }
        }
        return granted;
    }

    @Override
    public synchronized List<PointLot> lotsOf(Member.Key owner) {
        transactions.mustBeOpen();
        return lots.values().stream()
                .filter(lot -> lot.owner().equals(owner))
                .sorted(Comparator.comparing(PointLot::grantedAt))
                .toList();
    }

    @Override
    public List<PointLot> lockLotsOf(Member.Key owner) {
        return lotsOf(owner);
    }

    @Override
    public synchronized List<PointLot> lockExpired(Instant now, int most) {
        transactions.mustBeOpen();
        return lots.values().stream()
                .filter(lot -> lot.rest() > 0 && !lot.expiresAt().isAfter(now))
                .limit(most)
                .toList();
    }

    @Override
    public synchronized void book(Collection<PointEntry> entries) {
        transactions.mustBeOpen();
        for (PointEntry entry : entries) {
            PointLot lot = Objects.requireNonNull(lots.get(entry.lotId()));
            lots.put(lot.id(), lot.withRest(lot.rest() + entry.change()));
            ledger.add(entry);
        }
    }

    @Override
    public synchronized List<PointEntry> entriesOfUse(Member.Key owner, UUID useId) {
        transactions.mustBeOpen();
        return ledger.stream()
                .filter(entry -> owned(owner, entry))
                .filter(entry ->
                        entry instanceof PointEntry.Use use && use.useId().equals(useId)
                                || entry instanceof PointEntry.Restore back
                                        && back.useId().equals(useId))
                .toList();
    }

    @Override
    public synchronized List<Booked> ledgerOf(Member.Key owner, @Nullable Long before, int most) {
        transactions.mustBeOpen();
        return IntStream.range(0, ledger.size())
                .mapToObj(i -> new Booked(ledger.size() - i, ledger.get(ledger.size() - i - 1)))
                .filter(booked -> before == null || booked.sequence() < before)
                .filter(booked -> owned(owner, booked.entry()))
                .limit(most)
                .toList();
    }

    private boolean owned(Member.Key owner, PointEntry entry) {
        return Objects.requireNonNull(lots.get(entry.lotId())).owner().equals(owner);
    }
}
