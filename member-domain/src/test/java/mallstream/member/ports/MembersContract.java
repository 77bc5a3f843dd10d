package mallstream.member.ports;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.keyOf;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.Standing;
import org.junit.jupiter.api.Test;

abstract class MembersContract extends Contract {
    MembersContract(Ports ports) {
        super(ports);
    }

    private boolean add(Member member) {
        return inOne(() -> ports.members().add(member));
    }

    private Member added(MallId mall) {
        Member member = member(mall);
        add(member);
        return member;
    }

    private static Member sameLogin(Member other, MallId mall) {
        return new Member(new MemberId(uuid()), mall, other.loginId(), other.name(), other.email(), other.phone(), NOW);
    }

    @Test
    void a_member_is_found_in_its_mall_and_in_no_other() {
        Member member = added(MALL);

        assertThat(inOne(() -> ports.members().find(keyOf(member)))).contains(member);
        assertThat(inOne(() -> ports.members().find(new Member.Key(OTHER_MALL, member.id()))))
                .isEmpty();
    }

    @Test
    void a_login_id_that_is_taken_in_the_mall_stores_nothing() {
        Member second = sameLogin(added(MALL), MALL);

        assertThat(add(second)).isFalse();
        assertThat(inOne(() -> ports.members().find(keyOf(second)))).isEmpty();
    }

    @Test
    void a_login_id_is_free_in_every_other_mall() {
        assertThat(add(sameLogin(added(MALL), OTHER_MALL))).isTrue();
    }

    @Test
    void who_withdraws_is_forgotten_but_for_the_ids() {
        Member member = added(MALL);
        Member.Key key = keyOf(member);

        assertThat(inOne(() -> ports.members().standing(key))).isEqualTo(new Standing.Active(member));
        assertThat(inOne(() -> ports.members().withdraw(key, NOW))).isTrue();

        assertThat(inOne(() -> ports.members().standing(key))).isEqualTo(new Standing.Withdrawn(NOW));
        assertThat(inOne(() -> ports.members().hold(key))).isEqualTo(new Standing.Withdrawn(NOW));
        assertThat(inOne(() -> ports.members().find(key))).isEmpty();
        assertThat(inOne(() -> ports.members().withdraw(key, NOW.plusSeconds(1))))
                .as("twice")
                .isFalse();
        assertThat(inOne(() -> ports.members().standing(key))).isEqualTo(new Standing.Withdrawn(NOW));
    }

    @Test
    void the_login_id_of_who_withdrew_is_free_again() {
        Member member = added(MALL);
        inOne(() -> ports.members().withdraw(keyOf(member), NOW));
        Member second = sameLogin(member, MALL);

        assertThat(add(second)).isTrue();
        assertThat(inOne(() -> ports.members().hold(keyOf(second)))).isEqualTo(new Standing.Active(second));
    }

    @Test
    void nobody_withdraws_from_a_mall_by_an_id_of_another() {
        Member member = added(MALL);
        var elsewhere = new Member.Key(OTHER_MALL, member.id());

        assertThat(inOne(() -> ports.members().withdraw(elsewhere, NOW))).isFalse();
        assertThat(inOne(() -> ports.members().standing(elsewhere))).isEqualTo(new Standing.Unknown());
        inOne(() -> ports.members().withdraw(keyOf(member), NOW));
        assertThat(inOne(() -> ports.members().standing(elsewhere))).isEqualTo(new Standing.Unknown());
    }

    @Test
    void of_many_those_who_withdrew_are_told_apart() {
        Member gone = added(MALL);
        Member there = added(MALL);
        inOne(() -> ports.members().withdraw(keyOf(gone), NOW));
        var elsewhere = new Member.Key(OTHER_MALL, gone.id());

        assertThat(inOne(() -> ports.members()
                        .withdrawnAmong(List.of(elsewhere, keyOf(there), keyOf(gone), keyOf(gone), key(MALL)))))
                .containsExactly(keyOf(gone));
        assertThat(inOne(() -> ports.members().withdrawnAmong(List.of()))).isEmpty();
    }

    @Test
    void a_refusal_is_noted_and_told_of_members_only() {
        Member member = added(MALL);
        var elsewhere = new Member.Key(OTHER_MALL, member.id());

        assertThat(refuses(keyOf(member))).contains(false);
        assertThat(inOne(() -> ports.members().refuseNotices(keyOf(member), true)))
                .isTrue();
        assertThat(inOne(() -> ports.members().refuseNotices(keyOf(member), true)))
                .isTrue();
        assertThat(refuses(keyOf(member))).contains(true);
        assertThat(inOne(() -> ports.members().refuseNotices(keyOf(member), false)))
                .isTrue();
        assertThat(refuses(keyOf(member))).contains(false);
        assertThat(inOne(() -> ports.members().refuseNotices(elsewhere, true))).isFalse();
        assertThat(refuses(elsewhere)).isEmpty();
        assertThat(inOne(() -> ports.members().refuseNotices(key(MALL), true))).isFalse();
        assertThat(refuses(key(MALL))).isEmpty();
        inOne(() -> ports.members().withdraw(keyOf(member), NOW));
        assertThat(inOne(() -> ports.members().refuseNotices(keyOf(member), true)))
                .isFalse();
        assertThat(refuses(keyOf(member))).isEmpty();
    }

    private Optional<Boolean> refuses(Member.Key key) {
        return inOne(() -> ports.members().refusesNotices(key));
    }
}
