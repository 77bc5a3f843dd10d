package mallstream.member.application.port.out;

import java.util.List;
import java.util.Optional;
import mallstream.member.model.NoticeTemplate;

/** Texts of ours for notices. Versions are added and never changed. */
public interface NoticeTemplates {
    /**
     * Like {@link #versions}, and nobody else adds a version until the transaction ends.
     *
     * @param code the template
     * @return its versions, newest first
     */
    List<NoticeTemplate> lock(String code);

    /**
     * @param template a version that there is not
     */
    void add(NoticeTemplate template);

    /**
     * @param code a template
     * @param version one of its versions
     * @return that version, if there is one
     */
    Optional<NoticeTemplate> find(String code, int version);

    /**
     * @param code a template
     * @return its versions, newest first; empty where there is no such template
     */
    List<NoticeTemplate> versions(String code);
}
