package mallstream.member.adapter.out.persistence;

import static java.util.stream.Collectors.toSet;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import mallstream.member.application.port.out.Members;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.Standing;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JpaMembers implements Members {
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final MemberRows rows;
    private final JdbcClient jdbc;

    JpaMembers(MemberRows rows, JdbcClient jdbc) {
        this.rows = rows;
        this.jdbc = jdbc;
    }

    @Override
    public boolean add(Member member) {
        return rows.insert(
                        member.id().value(),
                        member.mallId().value(),
                        member.loginId().value(),
                        member.name().value(),
                        member.email().value(),
                        member.phone().value(),
                        member.signedUpAt())
                == 1;
    }

    @Override
    public Optional<Member> find(Member.Key key) {
        return rows.findByMallIdAndId(key.mallId().value(), key.memberId().value())
                .map(MemberRow::toMember);
    }

    @Override
    public List<Member> findAll(Collection<Member.Key> keys) {
        Set<Member.Key> wanted = Set.copyOf(keys);
        return rows.findByIdIn(keys.stream().map(key -> key.memberId().value()).toList()).stream()
                .map(MemberRow::toMember)
                .filter(member -> wanted.contains(new Member.Key(member.mallId(), member.id())))
                .toList();
    }

    @Override
    public List<Member.Key> targets(NoticeCampaign campaign, @Nullable MemberId after, int most) {
        UUID from = after == null ? BEFORE_ALL : after.value();
        return rows.targets(mallOf(campaign), from, campaign.createdAt(), Limit.of(most)).stream()
                .map(target -> new Member.Key(new MallId(target.getMallId()), new MemberId(target.getId())))
                .toList();
    }

    @Override
    public long countTargets(NoticeCampaign campaign) {
        return rows.countTargets(mallOf(campaign), campaign.createdAt());
    }

    @Override
    public Standing standing(Member.Key key) {
        Optional<Member> member = find(key);
        return member.isPresent() ? new Standing.Active(member.get()) : left(key);
    }

    private Standing left(Member.Key key) {
        return jdbc.sql("select withdrawn_at from member.withdrawn_member where id = ? and mall_id = ?")
                .param(key.memberId().value())
                .param(key.mallId().value())
                .<Standing>query((row, n) -> new Standing.Withdrawn(Columns.instant(row, "withdrawn_at")))
                .optional()
                .orElseGet(Standing.Unknown::new);
    }

    @Override
    public Standing hold(Member.Key key) {
        Withdrawals.hold(jdbc, List.of(key));
        return standing(key);
    }

    @Override
    public Set<Member.Key> withdrawnAmong(Collection<Member.Key> keys) {
        Withdrawals.hold(jdbc, keys);
        Set<Member.Key> wanted = Set.copyOf(keys);
        return jdbc
                .sql("select mall_id, id as member_id from member.withdrawn_member where id = any(?::uuid[])")
                .param(keys.stream().map(key -> key.memberId().toString()).toArray(String[]::new))
                .query((row, n) -> Columns.member(row))
                .list()
                .stream()
                .filter(wanted::contains)
                .collect(toSet());
    }

    @Override
    public boolean withdraw(Member.Key key, Instant now) {
        return jdbc.sql("""
                        with gone as (
                          delete from member.member where id = ? and mall_id = ? returning id, mall_id, signed_up_at)
                        insert into member.withdrawn_member (id, mall_id, signed_up_at, withdrawn_at)
                        select id, mall_id, signed_up_at, ? from gone""")
                        .param(key.memberId().value())
                        .param(key.mallId().value())
                        .param(Columns.time(now))
                        .update()
                == 1;
    }

    private static @Nullable String mallOf(NoticeCampaign campaign) {
        MallId mall = campaign.mallId();
        return mall == null ? null : mall.value();
    }
}
