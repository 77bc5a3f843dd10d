package mallstream.member.adapter.in.schedule;

import mallstream.member.application.port.in.PublishNoticeRequests;
import mallstream.member.model.Unavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Publishes the requests of notice campaigns, page after page while there are any. */
@Component
final class NoticeTimer {
    private static final Logger log = LoggerFactory.getLogger(NoticeTimer.class);

    private final PublishNoticeRequests campaigns;

    NoticeTimer(PublishNoticeRequests campaigns) {
        this.campaigns = campaigns;
    }

    @Scheduled(fixedDelayString = "500ms")
    void publish() {
        try {
            int count;
            do {
                count = campaigns.publishPage();
            } while (count > 0);
        } catch (Unavailable e) {
            log.warn("Notice campaigns wait: {}", e.getMessage());
        }
    }
}
