package mallstream.member.application.port.in;

import java.util.List;
import mallstream.member.model.MemberSignedUp;

/** Something that happens once for each new member. Implement it in one class with {@link Reaction} and nothing else. */
public interface SignUpReaction {
    /**
     * @param signUps at least one; events may come again, alone or beside others, and with another event id
     * @return an outcome per event, in the order of the events
     * @throws mallstream.member.model.Unavailable if the infrastructure failed; all events come again, free of charge
     */
    List<Outcome> on(List<MemberSignedUp> signUps);
}
