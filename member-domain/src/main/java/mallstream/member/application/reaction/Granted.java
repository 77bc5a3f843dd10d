package mallstream.member.application.reaction;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mallstream.member.application.port.in.Outcome;
import mallstream.member.model.Member;
import mallstream.member.model.MemberSignedUp;

/** What granting a batch at once says about each event of it. */
final class Granted {
    private Granted() {}

    static Member.Key keyOf(MemberSignedUp signUp) {
        return new Member.Key(signUp.mallId(), signUp.memberId());
    }

    /** The first event of each member who got something now is done, every other was done before. */
    static List<Outcome> outcomes(List<MemberSignedUp> signUps, Set<Member.Key> grantedNow) {
        var left = new HashSet<>(grantedNow);
        return signUps.stream()
                .<Outcome>map(signUp -> left.remove(keyOf(signUp)) ? new Outcome.Done() : new Outcome.AlreadyDone())
                .toList();
    }
}
