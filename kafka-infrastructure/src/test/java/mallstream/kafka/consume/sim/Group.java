package mallstream.kafka.consume.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import mallstream.kafka.consume.core.Source;
import org.jspecify.annotations.Nullable;

/** The coordinator of the group, and what a member does with it inside of a poll. */
final class Group {
    private final Style style;
    private final List<Source> sources;
    private final RandomGenerator random;
    private final Map<Member, Seat> seats = new LinkedHashMap<>();
    private int generation;
    private boolean rebalancing;
    private boolean anew;

    Group(Style style, List<Source> sources, RandomGenerator random) {
        this.style = style;
        this.sources = sources;
        this.random = random;
    }

    boolean empty() {
        return seats.isEmpty();
    }

    /** A member is gone, by its own wish or because it was not heard of: its partitions are free at once. */
    void remove(Member member) {
        if (seats.remove(member) != null) {
            rebalance();
        }
    }

    /** What a commit has to carry; the broker takes it as long as it is still this. */
    int fence(Member member) {
        Seat seat = seats.get(member);
        return seat == null ? -2 : seat.fence;
    }

    boolean takes(Member member, int fence) {
        Seat seat = seats.get(member);
        return seat != null && seat.fence == fence && (style == Style.INCREMENTAL || fence == generation);
    }

    /** Partitions are to be shared out anew. */
    void rebalance() {
        if (style == Style.INCREMENTAL) {
            shareOut();
        } else {
            anew = true;
            nextRound();
        }
    }

    private void nextRound() {
        rebalancing = true;
        seats.values().forEach(seat -> seat.joined = false);
    }

    private void shareOut() {
        if (seats.isEmpty()) {
            return;
        }
        List<Source> order = new ArrayList<>(sources);
        Collections.shuffle(order, Random.from(random));
        List<Seat> takers = new ArrayList<>(seats.values());
        boolean sticky = random.nextBoolean();
        int next = random.nextInt(takers.size());
        for (Source source : order) {
            Seat owner = owner(source);
            Seat taker = sticky && owner != null && random.nextInt(4) > 0 ? owner : takers.get(next++ % takers.size());
            takers.forEach(seat -> seat.target.remove(source));
            taker.target.add(source);
        }
    }

    private @Nullable Seat owner(Source source) {
        return seats.values().stream()
                .filter(seat -> seat.owned.contains(source))
                .findFirst()
                .orElse(null);
    }

    /** The membership's part of a poll. */
    void poll(Member member) {
        Seat seat = seats.get(member);
        if (seat == null) {
            member.lost();
            seats.put(member, new Seat());
            rebalance();
        } else if (style == Style.INCREMENTAL) {
            reconcile(member, seat);
        } else {
            joinAndSync(member, seat);
        }
    }

    private void reconcile(Member member, Seat seat) {
        if (!revoke(member, seat)) {
            return;
        }
        Set<Source> free = new LinkedHashSet<>(seat.target);
        free.removeIf(each -> owner(each) != null);
        if (random.nextInt(3) == 0) {
            free.removeIf(each -> random.nextBoolean());
        }
        if (!free.isEmpty()) {
            seat.fence = ++generation;
            seat.owned.addAll(free);
            member.assigned(free);
        }
    }

    /** Gives away what is not its own any more; false: it was expelled meanwhile. */
    private boolean revoke(Member member, Seat seat) {
        Set<Source> leaving = new LinkedHashSet<>(seat.owned);
        leaving.removeAll(seat.target);
        if (leaving.isEmpty()) {
            return true;
        }
        member.revoked(leaving);
        seat.owned.removeAll(leaving);
        if (style == Style.INCREMENTAL) {
            seat.fence = ++generation;
        }
        return seats.get(member) == seat && random.nextBoolean();
    }

    private void joinAndSync(Member member, Seat seat) {
        if (rebalancing && !seat.joined) {
            if (style == Style.EAGER && !seat.owned.isEmpty()) {
                member.revoked(new LinkedHashSet<>(seat.owned));
                seat.owned.clear();
            }
            if (seats.get(member) != seat) {
                return;
            }
            seat.joined = true;
            completeIfAllJoined();
        }
        if (!rebalancing && seat.fence != generation) {
            seat.fence = generation;
            sync(member, seat);
        }
    }

    private void completeIfAllJoined() {
        if (!rebalancing || !seats.values().stream().allMatch(seat -> seat.joined)) {
            return;
        }
        rebalancing = false;
        generation++;
        if (anew) {
            anew = false;
            shareOut();
        }
    }

    private void sync(Member member, Seat seat) {
        Set<Source> leaving = new LinkedHashSet<>(seat.owned);
        leaving.removeAll(seat.target);
        Set<Source> free = new LinkedHashSet<>(seat.target);
        // A partition that is still somebody's moves in the round after he has given it away.
        free.removeIf(each -> owner(each) != null);
        if (!leaving.isEmpty()) {
            revoke(member, seat);
            if (seats.get(member) != seat) {
                return;
            }
        }
        seat.owned.addAll(free);
        member.assigned(free);
        if (!leaving.isEmpty()) {
            nextRound();
        }
    }

    /** Who a partition belongs to, as the broker sees it. */
    private static final class Seat {
        final Set<Source> owned = new LinkedHashSet<>();
        final Set<Source> target = new LinkedHashSet<>();
        int fence = -1;
        boolean joined;
    }

    enum Style {
        /** The consumer protocol of KIP-848: each member gives away and gets by itself. */
        INCREMENTAL,
        /** The classic protocol in rounds, where only what moves is revoked. */
        COOPERATIVE,
        /** The classic protocol in rounds, where everything is revoked. */
        EAGER
    }
}
