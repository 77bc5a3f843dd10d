package mallstream.member.adapter.out.persistence;

import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import mallstream.member.model.CampaignId;
import mallstream.member.ports.Database;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What becomes of campaigns that are there when the jar comes that writes members down. */
class NoticesMigrationIT {
    private static UUID campaign(JdbcClient jdbc, boolean published, int days, @Nullable Long total, int told) {
        UUID id = uuid();
        jdbc.sql("""
                        insert into member.notice_campaign
                          (id, notice_year, channel, template, created_at, total, publish_done)
                        values (?, 2026, 'ALIMTALK', 'NOTICE', now() - make_interval(days => ?), ?, ?)""").param(id).param(days).param(total).param(published).update();
        jdbc.sql("""
                        insert into member.notice_recipient
                          (id, campaign_id, member_id, mall_id, state, code, begun_at, ended_at)
                        select gen_random_uuid(), ?, gen_random_uuid(), 'mall-1', 'ACCEPTED', 'r', now(), now()
                        from generate_series(1, ?)""").param(id).param(told).update();
        return id;
    }

    private static String stateOf(JdbcClient jdbc, UUID campaign) {
        return jdbc.sql("select state from member.notice_campaign where id = ?")
                .param(campaign)
                .query(String.class)
                .single();
    }

    @Test
    void a_campaign_that_is_through_is_not_begun_again_and_one_that_is_not_is_prepared() {
        var migrations = Database.emptied().beside("before_notices");
        JdbcClient jdbc = migrations.apply("4");
        UUID through = campaign(jdbc, true, 1, 2L, 2);
        UUID waiting = campaign(jdbc, true, 1, 3L, 1);
        UUID longAgo = campaign(jdbc, true, 30, 3L, 1);
        UUID publishing = campaign(jdbc, false, 1, null, 0);

        JdbcClient after = migrations.apply("6");

        assertThat(stateOf(after, through)).isEqualTo("DONE");
        assertThat(stateOf(after, longAgo)).isEqualTo("DONE");
        assertThat(stateOf(after, waiting)).isEqualTo("PREPARING");
        assertThat(stateOf(after, publishing)).isEqualTo("PREPARING");
        var status = new JdbcNoticeCampaigns(after).status(new CampaignId(through));
        assertThat(status.progress().total()).isEqualTo(2);
        assertThat(status.progress().counts().accepted()).isEqualTo(2);
        assertThat(status.elapsed()).isNotNull();
    }
}
