package mallstream.member.ports;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import mallstream.member.model.Member;
import mallstream.member.model.PointLot;
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

    @Test
    void an_empty_batch_grants_nothing() {
        assertThat(grant()).isEmpty();
    }
}
