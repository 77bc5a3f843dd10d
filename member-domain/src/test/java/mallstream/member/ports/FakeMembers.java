package mallstream.member.ports;

import static java.util.stream.Collectors.toSet;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import mallstream.member.application.port.out.Members;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.Exclusion;
import mallstream.member.model.Standing;
import org.jspecify.annotations.Nullable;

final class FakeMembers implements Members {
    /** By id, as PostgreSQL sorts: the text of a UUID sorts like its bytes. */
    private static final Comparator<Member> BY_ID =
            Comparator.comparing(member -> member.id().toString());

    private final FakeTransactions transactions;
    private final Map<Member.Key, Instant> withdrawn = new ConcurrentHashMap<>();
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final Set<Member.Key> refusing = ConcurrentHashMap.newKeySet();
    private final Set<Member.Key> unreachable = ConcurrentHashMap.newKeySet();

    FakeMembers(FakeTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public synchronized boolean add(Member member) {
        transactions.mustBeOpen();
        return members.stream()
                        .noneMatch(one -> one.mallId().equals(member.mallId())
                                && one.loginId().equals(member.loginId()))
                && members.add(member);
    }

    @Override
    public Optional<Member> find(Member.Key key) {
        transactions.mustBeOpen();
        return members.stream().filter(one -> Some.keyOf(one).equals(key)).findFirst();
    }

    @Override
    public boolean refuseNotices(Member.Key key, boolean refused) {
        transactions.mustBeOpen();
        if (find(key).isEmpty()) {
            return false;
        }
        boolean changed = refused ? refusing.add(key) : refusing.remove(key);
        return changed || refusing.contains(key) == refused;
    }

    @Override
    public Optional<Boolean> refusesNotices(Member.Key key) {
        return find(key).map(member -> refusing.contains(key));
    }

    void forgetContactData(Member.Key key) {
        unreachable.add(key);
    }

    /** Why a member gets no notice. */
    @Nullable
    Exclusion exclusion(Member.Key key) {
        if (refusing.contains(key)) {
            return Exclusion.REFUSED;
        }
        return unreachable.contains(key) ? Exclusion.NO_CONTACT_DATA : null;
    }

    boolean hasWithdrawn(Member.Key key) {
        return withdrawn.containsKey(key);
    }

    @Override
    public Standing standing(Member.Key key) {
        Instant left = withdrawn.get(key);
        if (left != null) {
            return new Standing.Withdrawn(left);
        }
        return find(key).<Standing>map(Standing.Active::new).orElseGet(Standing.Unknown::new);
    }

    @Override
    public Standing hold(Member.Key key) {
        return standing(key);
    }

    @Override
    public Set<Member.Key> withdrawnAmong(Collection<Member.Key> keys) {
        transactions.mustBeOpen();
        return keys.stream().filter(withdrawn::containsKey).collect(toSet());
    }

    @Override
    public synchronized boolean withdraw(Member.Key key, Instant now) {
        transactions.mustBeOpen();
        boolean found = members.removeIf(one -> Some.keyOf(one).equals(key));
        if (found) {
            withdrawn.put(key, now);
        }
        return found;
    }

    /** A page of those whom a campaign is for, by ascending id. */
    List<Member> of(NoticeCampaign campaign, @Nullable MemberId after, int most) {
        MallId mall = campaign.mallId();
        return members.stream()
                .filter(one -> mall == null || one.mallId().equals(mall))
                .filter(one -> !one.signedUpAt().isAfter(campaign.createdAt()))
                .sorted(BY_ID)
                .filter(one -> after == null || one.id().toString().compareTo(after.toString()) > 0)
                .limit(most)
                .toList();
    }
}
