package mallstream.member.adapter.out.persistence;

import static java.util.stream.Collectors.toSet;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mallstream.member.application.port.out.Members;
import mallstream.member.model.Member;
import mallstream.member.model.Standing;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JpaMembers implements Members {
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
    public boolean refuseNotices(Member.Key key, boolean refused) {
        return jdbc.sql("update member.member set notices_refused = ? where id = ? and mall_id = ?")
                        .param(refused)
                        .param(key.memberId().value())
                        .param(key.mallId().value())
                        .update()
                == 1;
    }

    @Override
    public Optional<Boolean> refusesNotices(Member.Key key) {
        return jdbc.sql("select notices_refused from member.member where id = ? and mall_id = ?")
                .param(key.memberId().value())
                .param(key.mallId().value())
                .query(Boolean.class)
                .optional();
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
}
