package mallstream.member.application.port.in;

import java.util.List;
import mallstream.member.model.MemberSignedUp;

/** For reactions that think one sign-up at a time. An exception fails the whole batch, which is then taken apart. */
public interface EachSignUp extends SignUpReaction {
    /**
     * @param signUp one new member; may come again
     * @return what became of it
     */
    Outcome on(MemberSignedUp signUp);

    @Override
    default List<Outcome> on(List<MemberSignedUp> signUps) {
        return signUps.stream().map(this::on).toList();
    }
}
