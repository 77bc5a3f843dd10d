package mallstream.member.application.service;

import mallstream.member.application.port.in.Found;
import mallstream.member.application.port.in.RefuseNotices;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.Members;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.Member;
import mallstream.member.model.Standing;

@UseCase
final class RefusingNotices implements RefuseNotices {
    private final Transactions transactions;
    private final Members members;

    RefusingNotices(Transactions transactions, Members members) {
        this.transactions = transactions;
        this.members = members;
    }

    @Override
    public Result refuse(Member.Key member, boolean refused) {
        return transactions.inOne(() -> {
            if (members.refuseNotices(member, refused)) {
                return Result.NOTED;
            }
            return members.standing(member) instanceof Standing.Withdrawn ? Result.WITHDRAWN : Result.NO_SUCH_MEMBER;
        });
    }

    @Override
    public Found<Boolean> refused(Member.Key member) {
        return transactions.inOne(() -> members.refusesNotices(member)
                .<Found<Boolean>>map(Found.Shown::new)
                .orElseGet(() -> members.standing(member) instanceof Standing.Withdrawn withdrawn
                        ? new Found.Gone<>(withdrawn.at())
                        : new Found.Absent<>()));
    }
}
