package mallstream.order.adapter.out.persistence;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mallstream.order.application.port.out.CodeMappings;
import mallstream.order.model.Channel;
import mallstream.order.model.CodeMapping;
import mallstream.order.model.Meaning;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcCodeMappings implements CodeMappings {
    private final JdbcClient jdbc;

    JdbcCodeMappings(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Map<String, Meaning> of(Channel channel) {
        Map<String, Meaning> codes = new HashMap<>();
        jdbc.sql("select code, means from orders.code_mapping where channel = :channel")
                .param("channel", channel.name())
                .query(row -> {
                    codes.put(row.getString("code"), Meaning.of(row.getString("means")));
                });
        return codes;
    }

    @Override
    public void put(CodeMapping mapping) {
        jdbc.sql("""
                insert into orders.code_mapping (channel, code, means, changed_by, changed_at)
                values (:channel, :code, :means, :by, :at)
                on conflict (channel, code) do update
                set means = excluded.means, changed_by = excluded.changed_by, changed_at = excluded.changed_at""")
                .param("channel", mapping.channel().name())
                .param("code", mapping.code())
                .param("means", mapping.means().text())
                .param("by", mapping.by())
                .param("at", mapping.at().atOffset(ZoneOffset.UTC))
                .update();
    }

    @Override
    public List<CodeMapping> all() {
        return jdbc.sql("select * from orders.code_mapping order by channel, code")
                .query((row, n) -> new CodeMapping(
                        Channel.valueOf(row.getString("channel")),
                        row.getString("code"),
                        Meaning.of(row.getString("means")),
                        row.getString("changed_by"),
                        row.getObject("changed_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
