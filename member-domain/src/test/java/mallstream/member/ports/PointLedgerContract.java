package mallstream.member.ports;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.keyOf;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.model.Member;
import mallstream.member.model.PointEntry;
import mallstream.member.model.PointLot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

abstract class PointLedgerContract extends Contract {
    PointLedgerContract(Ports ports) {
        super(ports);
    }

    private Set<Member.Key> grant(PointLot... lots) {
        return inOne(() -> ports.points().grantOnce(List.of(lots)));
    }

    private List<PointLot> lotsOf(Member.Key owner) {
        return inOne(() -> ports.points().lotsOf(owner));
    }

    private static PointLot lot(Member.Key owner) {
        return PointLot.forSignUp(uuid(), owner, 5000, 365, NOW);
    }

    @Test
    void what_was_granted_is_found_as_it_was() {
        PointLot lot = lot(key(MALL));

        assertThat(grant(lot)).containsExactly(lot.owner());
        assertThat(lotsOf(lot.owner())).containsExactly(lot);
        assertThat(lotsOf(key(MALL))).isEmpty();
    }

    @Test
    void a_second_grant_from_one_source_is_not_made_and_the_first_stays_as_it_was() {
        PointLot first = lot(key(MALL));
        grant(first);
        PointLot newcomer = lot(key(MALL));

        assertThat(grant(lot(first.owner()), newcomer)).containsExactly(newcomer.owner());
        assertThat(lotsOf(first.owner())).containsExactly(first);
    }

    @Test
    void an_owner_who_stands_twice_in_a_batch_gets_one_lot() {
        Member.Key owner = key(MALL);

        assertThat(grant(lot(owner), lot(owner))).containsExactly(owner);
        assertThat(lotsOf(owner)).hasSize(1);
    }

    @Test
    void the_same_member_id_in_another_mall_is_another_owner() {
        Member.Key owner = key(MALL);
        var elsewhere = new Member.Key(OTHER_MALL, owner.memberId());

        assertThat(grant(lot(owner), lot(elsewhere))).containsExactlyInAnyOrder(owner, elsewhere);
    }

    @Test
    void lots_of_several_sources_come_oldest_first() {
        Member.Key owner = key(MALL);
        var end = NOW.plus(Duration.ofDays(9));
        var later = new PointLot(uuid(), owner, "REVIEW", 100, 40, NOW.plusSeconds(1), end);
        PointLot earlier = lot(owner);
        grant(later);
        grant(earlier);

        assertThat(lotsOf(owner)).containsExactly(earlier, later);
    }

    private PointLot granted(Member.Key owner, String source, Instant expiresAt) {
        var lot = new PointLot(uuid(), owner, source, 100, 100, NOW, expiresAt);
        grant(lot);
        return lot;
    }

    private void book(PointEntry... entries) {
        ports.run(() -> ports.points().book(List.of(entries)));
    }

    private List<PointEntry> ledgerOf(Member.Key owner) {
        return inOne(() -> ports.points().ledgerOf(owner, null, 100)).stream()
                .map(PointLedger.Booked::entry)
                .toList();
    }

    @Test
    void every_kind_of_entry_is_kept_as_it_was_and_changes_the_rest() {
        Member.Key owner = key(MALL);
        PointLot first = granted(owner, "A", NOW.plusSeconds(9));
        PointLot second = granted(owner, "B", NOW.plusSeconds(9));
        UUID useId = uuid();
        var used = new PointEntry.Use(first.id(), useId, 60, NOW);
        var usedToo = new PointEntry.Use(second.id(), useId, 10, NOW);
        var restored = new PointEntry.Restore(first.id(), useId, uuid(), 25, NOW.plusSeconds(1));
        var expired = new PointEntry.Expire(first.id(), 65, NOW.plusSeconds(2));
        var revoked = new PointEntry.Revoke(second.id(), 90, NOW.plusSeconds(3));

        book(used, usedToo);
        book(restored);
        assertThat(lotsOf(owner)).containsExactly(first.withRest(65), second.withRest(90));
        book(expired, revoked);

        assertThat(lotsOf(owner)).containsExactly(first.withRest(0), second.withRest(0));
        assertThat(ledgerOf(owner))
                .containsExactly(
                        revoked,
                        expired,
                        restored,
                        usedToo,
                        used,
                        new PointEntry.Grant(second.id(), 100, NOW),
                        new PointEntry.Grant(first.id(), 100, NOW));
        assertThat(inOne(() -> ports.points().entriesOfUse(owner, useId))).containsExactly(used, usedToo, restored);
        assertThat(inOne(() -> ports.points().entriesOfUse(key(MALL), useId)))
                .as("of somebody else")
                .isEmpty();
        assertThat(inOne(() -> ports.points().entriesOfUse(owner, uuid()))).isEmpty();
    }

    @Test
    void several_entries_of_one_lot_add_up() {
        PointLot lot = granted(key(MALL), "A", NOW.plusSeconds(9));

        book(new PointEntry.Use(lot.id(), uuid(), 60, NOW), new PointEntry.Use(lot.id(), uuid(), 40, NOW));

        assertThat(lotsOf(lot.owner())).containsExactly(lot.withRest(0));
        book();
        assertThat(ledgerOf(lot.owner())).hasSize(3);
    }

    @Test
    void a_ledger_is_read_page_by_page_and_holds_nobody_elses_entries() {
        PointLot lot = granted(key(MALL), "A", NOW.plusSeconds(9));
        for (int i = 1; i <= 4; i++) {
            book(new PointEntry.Use(lot.id(), uuid(), i, NOW));
            granted(key(MALL), "A", NOW.plusSeconds(9));
        }

        var pages = new ArrayList<List<Long>>();
        @Nullable Long before = null;
        while (pages.size() < 9) {
            @Nullable Long from = before;
            var page = inOne(() -> ports.points().ledgerOf(lot.owner(), from, 2));
            if (page.isEmpty()) {
                break;
            }
            pages.add(page.stream().map(one -> one.entry().change()).toList());
            before = page.getLast().sequence();
        }
        assertThat(pages).containsExactly(List.of(-4L, -3L), List.of(-2L, -1L), List.of(100L));
    }

    @Test
    void lots_whose_time_is_over_are_found_unless_they_are_empty() {
        Member.Key owner = key(MALL);
        PointLot now = granted(owner, "NOW", NOW.plusSeconds(5));
        PointLot before = granted(owner, "BEFORE", NOW.plusSeconds(4));
        granted(owner, "LATER", NOW.plusSeconds(5).plusMillis(1));
        PointLot empty = granted(owner, "EMPTY", NOW.plusSeconds(1));
        book(new PointEntry.Use(empty.id(), uuid(), 100, NOW));

        assertThat(inOne(() -> ports.points().lockExpired(NOW.plusSeconds(5), 10)))
                .containsExactlyInAnyOrder(now, before);
        assertThat(inOne(() -> ports.points().lockExpired(NOW.plusSeconds(5), 1)))
                .hasSize(1);
    }

    @Test
    void who_has_withdrawn_gets_none() {
        Member member = member(MALL);
        inOne(() -> ports.members().add(member));
        inOne(() -> ports.members().withdraw(keyOf(member), NOW));
        PointLot newcomer = lot(key(MALL));

        assertThat(grant(lot(keyOf(member)), newcomer)).containsExactly(newcomer.owner());
        assertThat(lotsOf(keyOf(member))).isEmpty();
    }

    @Test
    void locked_lots_are_those_of_the_owner() {
        PointLot lot = lot(key(MALL));
        grant(lot, lot(key(MALL)));

        assertThat(inOne(() -> ports.points().lockLotsOf(lot.owner()))).containsExactly(lot);
    }

    @Test
    void an_empty_batch_grants_nothing() {
        assertThat(grant()).isEmpty();
    }
}
