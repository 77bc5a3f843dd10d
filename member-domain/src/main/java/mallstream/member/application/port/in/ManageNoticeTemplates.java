package mallstream.member.application.port.in;

import java.util.List;
import mallstream.member.model.NoticeTemplate;

/** Keeps texts of ours for notices by mail. */
public interface ManageNoticeTemplates {
    /**
     * Makes a new version, unless the newest one says the same.
     *
     * @param code the template
     * @param subject one line
     * @param body plain text
     * @return the version that says so, and whether it is new
     * @throws mallstream.member.model.InvalidValue if a value has another form
     * @throws mallstream.member.model.Unavailable if the database failed; nothing was changed
     */
    Put put(String code, String subject, String body);

    /**
     * @param code a template
     * @return its versions, newest first; empty where there is no such template
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    List<NoticeTemplate> versions(String code);

    /**
     * @param template the version that is the newest now
     * @param isNew whether it was made now
     */
    record Put(NoticeTemplate template, boolean isNew) {}
}
