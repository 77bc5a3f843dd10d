package mallstream.member.ports;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import mallstream.member.application.port.out.NoticeTemplates;
import mallstream.member.model.NoticeTemplate;

final class FakeNoticeTemplates implements NoticeTemplates {
    private final FakeTransactions transactions;
    private final List<NoticeTemplate> templates = new CopyOnWriteArrayList<>();

    FakeNoticeTemplates(FakeTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<NoticeTemplate> lock(String code) {
        return versions(code);
    }

    @Override
    public void add(NoticeTemplate template) {
        transactions.mustBeOpen();
        templates.add(template);
    }

    @Override
    public Optional<NoticeTemplate> find(String code, int version) {
        return versions(code).stream().filter(one -> one.version() == version).findFirst();
    }

    @Override
    public List<NoticeTemplate> versions(String code) {
        transactions.mustBeOpen();
        return templates.stream()
                .filter(one -> one.code().equals(code))
                .sorted(Comparator.comparingInt(NoticeTemplate::version).reversed())
                .toList();
    }
}
