package mallstream.member.adapter.in.schedule;

import mallstream.member.application.port.in.PublishNoticeRequests;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Publishes the requests of notice campaigns, page after page while there are any. */
@Component
final class NoticeTimer {
    private final PublishNoticeRequests campaigns;

    NoticeTimer(PublishNoticeRequests campaigns) {
        this.campaigns = campaigns;
    }

    @Scheduled(fixedDelayString = "500ms")
    void publish() {
        Rounds.run("A notice campaign", campaigns::publishPage);
    }
}
