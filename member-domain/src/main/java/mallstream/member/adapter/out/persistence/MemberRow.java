package mallstream.member.adapter.out.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import mallstream.member.model.EmailAddress;
import mallstream.member.model.LoginId;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.PersonName;
import mallstream.member.model.PhoneNumber;

@Entity(name = "MemberRow")
@Table(schema = "member", name = "member")
class MemberRow {
    @Id
    private UUID id;

    @Column(name = "mall_id")
    private String mallId;

    @Column(name = "login_id")
    private String loginId;

    private String name;
    private String email;
    private String phone;

    @Column(name = "signed_up_at")
    private Instant signedUpAt;

    @SuppressWarnings("NullAway") // Filled by Hibernate.
    MemberRow() {}

    Member toMember() {
        return new Member(
                new MemberId(id),
                new MallId(mallId),
                new LoginId(loginId),
                new PersonName(name),
                new EmailAddress(email),
                new PhoneNumber(phone),
                signedUpAt);
    }
}
