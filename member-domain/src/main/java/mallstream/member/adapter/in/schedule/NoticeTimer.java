package mallstream.member.adapter.in.schedule;

import mallstream.member.application.port.in.AdvanceNoticeCampaigns;
import mallstream.member.application.port.in.ResolveNoticeCalls;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Takes notice campaigns on while there is something to do, and finds out what became of lost calls. */
@Component
final class NoticeTimer {
    private final AdvanceNoticeCampaigns campaigns;
    private final ResolveNoticeCalls calls;

    NoticeTimer(AdvanceNoticeCampaigns campaigns, ResolveNoticeCalls calls) {
        this.campaigns = campaigns;
        this.calls = calls;
    }

    /** Publishing must not be what a campaign waits for; where there is none a look is one small query. */
    @Scheduled(fixedDelayString = "100ms")
    void advance() {
        Rounds.run("A notice campaign", campaigns::advance);
    }

    @Scheduled(fixedDelayString = "1s")
    void resolve() {
        Rounds.run("A lost call of a notice campaign", calls::resolve);
    }
}
