package mallstream.member.adapter.out.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import mallstream.member.application.port.out.NoticeTemplates;
import mallstream.member.model.NoticeTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JdbcNoticeTemplates implements NoticeTemplates {
    private final JdbcClient jdbc;

    JdbcNoticeTemplates(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<NoticeTemplate> lock(String code) {
        WordLock.NOTICE_TEMPLATE.take(jdbc, code);
        return versions(code);
    }

    @Override
    public void add(NoticeTemplate template) {
        jdbc.sql("insert into member.notice_template (code, version, subject, body, made_at) values (?, ?, ?, ?, ?)")
                .param(template.code())
                .param(template.version())
                .param(template.subject())
                .param(template.body())
                .param(Columns.time(template.madeAt()))
                .update();
    }

    @Override
    public Optional<NoticeTemplate> find(String code, int version) {
        return jdbc.sql("select * from member.notice_template where code = ? and version = ?")
                .param(code)
                .param(version)
                .query((row, n) -> template(row))
                .optional();
    }

    @Override
    public List<NoticeTemplate> versions(String code) {
        return jdbc.sql("select * from member.notice_template where code = ? order by version desc")
                .param(code)
                .query((row, n) -> template(row))
                .list();
    }

    private static NoticeTemplate template(ResultSet row) throws SQLException {
        return new NoticeTemplate(
                row.getString("code"),
                row.getInt("version"),
                row.getString("subject"),
                row.getString("body"),
                Columns.instant(row, "made_at"));
    }
}
