package mallstream.member.adapter.out.persistence;

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
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

@Component
final class JpaMembers implements Members {
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final MemberRows rows;

    JpaMembers(MemberRows rows) {
        this.rows = rows;
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

    private static @Nullable String mallOf(NoticeCampaign campaign) {
        MallId mall = campaign.mallId();
        return mall == null ? null : mall.value();
    }
}
