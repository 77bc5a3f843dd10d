package mallstream.order.adapter.out.persistence;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import mallstream.order.application.port.out.LaneChoices;
import mallstream.order.model.Lanes;
import mallstream.order.model.MallId;
import mallstream.order.model.MallLanes;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcLaneChoices implements LaneChoices {
    private final JdbcClient jdbc;

    JdbcLaneChoices(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<MallLanes> all() {
        return jdbc.sql("select * from orders.mall_lanes order by mall_id")
                .query((row, n) -> new MallLanes(
                        new MallId(row.getString("mall_id")),
                        Lanes.valueOf(row.getString("lanes")),
                        row.getString("changed_by"),
                        row.getObject("changed_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    @Override
    public void put(MallLanes choice) {
        jdbc.sql("""
                insert into orders.mall_lanes (mall_id, lanes, changed_by, changed_at)
                values (:mall, :lanes, :by, :at)
                on conflict (mall_id) do update
                set lanes = excluded.lanes, changed_by = excluded.changed_by, changed_at = excluded.changed_at""")
                .param("mall", choice.mallId().value())
                .param("lanes", choice.lanes().name())
                .param("by", Objects.requireNonNull(choice.by()))
                .param("at", Objects.requireNonNull(choice.at()).atOffset(ZoneOffset.UTC))
                .update();
    }
}
