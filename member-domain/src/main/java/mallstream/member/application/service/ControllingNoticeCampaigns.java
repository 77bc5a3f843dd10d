package mallstream.member.application.service;

import mallstream.member.application.port.in.ControlNoticeCampaign;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.CampaignId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.Command;
import mallstream.member.model.NoticeCampaign.State;

@UseCase
final class ControllingNoticeCampaigns implements ControlNoticeCampaign {
    private final Transactions transactions;
    private final NoticeCampaigns campaigns;

    ControllingNoticeCampaigns(Transactions transactions, NoticeCampaigns campaigns) {
        this.transactions = transactions;
        this.campaigns = campaigns;
    }

    @Override
    public Result control(CampaignId id, Command command) {
        return transactions.inOne(
                () -> campaigns.lock(id).map(it -> follow(it, command)).orElse(Result.NO_SUCH_CAMPAIGN));
    }

    private Result follow(NoticeCampaign campaign, Command command) {
        if (!campaign.state().allows(command)) {
            return Result.NOT_ALLOWED;
        }
        boolean paused = campaign.state() == State.PAUSED;
        switch (command) {
            case PAUSE -> {
                if (!paused) {
                    campaigns.stop(campaign.id(), State.PAUSED);
                }
            }
            case RESUME -> {
                if (paused) {
                    campaigns.resume(campaign.id());
                }
            }
            case CANCEL -> {
                if (campaign.state() != State.CANCELLED) {
                    campaigns.stop(campaign.id(), State.CANCELLED);
                }
            }
        }
        return Result.FOLLOWED;
    }
}
