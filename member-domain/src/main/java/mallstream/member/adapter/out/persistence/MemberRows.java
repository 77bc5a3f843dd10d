package mallstream.member.adapter.out.persistence;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface MemberRows extends Repository<MemberRow, UUID> {
    /** Says 0 where the login id is taken; an entity that is persisted would end the transaction instead. */
    @Modifying
    @Query(nativeQuery = true, value = """
                    insert into member.member (id, mall_id, login_id, name, email, phone, signed_up_at)
                    values (:id, :mallId, :loginId, :name, :email, :phone, :signedUpAt)
                    on conflict (mall_id, login_id) do nothing""")
    int insert(UUID id, String mallId, String loginId, String name, String email, String phone, Instant signedUpAt);

    Optional<MemberRow> findByMallIdAndId(String mallId, UUID id);
}
