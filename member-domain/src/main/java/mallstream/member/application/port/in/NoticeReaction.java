package mallstream.member.application.port.in;

import java.util.List;
import mallstream.member.model.NoticeRequested;

/** Something that happens for each requested notice. Implement it in one class with {@link Reaction}. */
public interface NoticeReaction {
    /**
     * @param requests at least one, of one or several campaigns; requests may come again
     * @return an outcome per request, in the order of the requests
     * @throws mallstream.member.model.Unavailable if the infrastructure failed; all requests come again, free of charge
     */
    List<Outcome> on(List<NoticeRequested> requests);
}
