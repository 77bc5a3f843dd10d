package mallstream.member.adapter.in.web;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.campaign;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import mallstream.member.application.service.UseCases;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.ports.Database;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;

class EvidenceCsvIT {
    @Test
    void a_hundred_thousand_rows_come_once_each_in_their_order() throws Exception {
        Database database = Database.emptied();
        NoticeCampaign campaign = campaign(MALL);
        database.run(() -> database.campaigns().add(campaign));
        database.jdbc().sql("""
                        insert into member.notice_recipient (id, campaign_id, member_id, mall_id, state)
                        select gen_random_uuid(), ?, gen_random_uuid(), 'mall-1', 'READY'
                        from generate_series(1, 100000)""").param(campaign.id().value()).update();
        var response = new MockHttpServletResponse();

        EvidenceCsv.write(campaign, new UseCases(database, Clock.systemUTC()).readEvidence(), response);

        assertThat(response.getContentAsString().lines().skip(1).map(line -> line.split(",", -1)[2]))
                .hasSize(100_000)
                .doesNotHaveDuplicates()
                .isSorted();
    }
}
