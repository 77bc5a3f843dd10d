package mallstream.member.application.service;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import mallstream.member.application.port.in.ManageNoticeTemplates;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.NoticeTemplates;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.NoticeTemplate;

@UseCase
final class ManagingNoticeTemplates implements ManageNoticeTemplates {
    private final Transactions transactions;
    private final NoticeTemplates templates;
    private final Clock clock;

    ManagingNoticeTemplates(Transactions transactions, NoticeTemplates templates, Clock clock) {
        this.transactions = transactions;
        this.templates = templates;
        this.clock = clock;
    }

    @Override
    public Put put(String code, String subject, String body) {
        var first = new NoticeTemplate(code, 1, subject, body, clock.instant().truncatedTo(ChronoUnit.MICROS));
        return transactions.inOne(() -> {
            List<NoticeTemplate> versions = templates.lock(code);
            if (!versions.isEmpty() && versions.getFirst().saysSameAs(first)) {
                return new Put(versions.getFirst(), false);
            }
            int version = versions.isEmpty() ? 1 : versions.getFirst().version() + 1;
            var template = new NoticeTemplate(code, version, subject, body, first.madeAt());
            templates.add(template);
            return new Put(template, true);
        });
    }

    @Override
    public List<NoticeTemplate> versions(String code) {
        return transactions.inOne(() -> templates.versions(code));
    }
}
