package mallstream.member.application.service;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import mallstream.member.application.port.in.AdvanceNoticeCampaigns;
import mallstream.member.application.port.in.AttemptWebhooks;
import mallstream.member.application.port.in.ControlNoticeCampaign;
import mallstream.member.application.port.in.ExpirePoints;
import mallstream.member.application.port.in.ManageNoticeTemplates;
import mallstream.member.application.port.in.ManageWebhookEndpoints;
import mallstream.member.application.port.in.PurgeOldRows;
import mallstream.member.application.port.in.ReadCouponPolicies;
import mallstream.member.application.port.in.ReadMember;
import mallstream.member.application.port.in.ReadNoticeCampaign;
import mallstream.member.application.port.in.ReadNoticeEvidence;
import mallstream.member.application.port.in.ReadPoints;
import mallstream.member.application.port.in.ReadWebhookDeliveries;
import mallstream.member.application.port.in.RefuseNotices;
import mallstream.member.application.port.in.RegisterWebhookEndpoint;
import mallstream.member.application.port.in.RelayEvents;
import mallstream.member.application.port.in.ResolveNoticeCalls;
import mallstream.member.application.port.in.SetCouponPolicy;
import mallstream.member.application.port.in.SignUpMember;
import mallstream.member.application.port.in.StartNoticeCampaign;
import mallstream.member.application.port.in.UsePoints;
import mallstream.member.application.port.in.WithdrawMember;
import mallstream.member.application.port.out.PublishEvents;
import mallstream.member.application.port.out.SendNotices;
import mallstream.member.application.port.out.SendWebhooks;
import mallstream.member.model.NoticeSettings;
import mallstream.member.model.SecretRotation;
import mallstream.member.ports.Ports;
import mallstream.member.ports.Some;

/** The real use cases over given ports, also for tests of other packages. */
public record UseCases(Ports ports, Clock clock) {
    /** Signs up. */
    public SignUpMember signUp() {
        return new SigningUp(ports.transactions(), ports.members(), ports.outbox(), ports.keys(), clock, Some.RANDOM);
    }

    /** Reads a member. */
    public ReadMember readMember() {
        return new ReadingMembers(
                ports.transactions(), ports.members(), ports.coupons(), ports.points(), ports.deliveries(), clock);
    }

    /** Withdraws a member. */
    public WithdrawMember withdraw() {
        return new WithdrawingMembers(ports.transactions(), ports.members(), ports.coupons(), ports.points(), clock);
    }

    /** Uses and restores points. */
    public UsePoints usePoints() {
        return new UsingPoints(ports.transactions(), ports.members(), ports.points(), ports.keys(), clock, Some.RANDOM);
    }

    /** Reads points. */
    public ReadPoints readPoints() {
        return new ReadingPoints(ports.transactions(), ports.members(), ports.points(), clock);
    }

    /** Expires points. */
    public ExpirePoints expirePoints() {
        return new ExpiringPoints(ports.transactions(), ports.points(), clock);
    }

    /** Sets policies. */
    public SetCouponPolicy setPolicy() {
        return new SettingCouponPolicies(ports.transactions(), ports.policies(), ports.keys(), clock, Some.RANDOM);
    }

    /** Reads policies. */
    public ReadCouponPolicies readPolicies() {
        return new ReadingCouponPolicies(ports.transactions(), ports.policies(), Some.BENEFITS, clock);
    }

    /** Registers endpoints. */
    public RegisterWebhookEndpoint register(SendWebhooks webhooks) {
        return new RegisteringWebhookEndpoints(
                ports.transactions(), ports.endpoints(), webhooks, ports.keys(), clock, Some.RANDOM);
    }

    /** Manages endpoints; both secrets sign for a day. */
    public ManageWebhookEndpoints manage() {
        return new ManagingWebhookEndpoints(
                ports.transactions(),
                ports.endpoints(),
                ports.deliveries(),
                ports.keys(),
                new SecretRotation(Duration.ofDays(1)),
                clock,
                Some.RANDOM);
    }

    /** Reads deliveries. */
    public ReadWebhookDeliveries readDeliveries() {
        return new ReadingWebhookDeliveries(ports.transactions(), ports.endpoints(), ports.deliveries());
    }

    /** Makes attempts. */
    public AttemptWebhooks attempt(SendWebhooks webhooks) {
        return new AttemptingWebhooks(
                ports.transactions(), ports.deliveries(), ports.endpoints(), webhooks, clock, Some.RANDOM);
    }

    /** Starts campaigns. */
    public StartNoticeCampaign startCampaign() {
        return new StartingNoticeCampaigns(
                ports.transactions(), ports.campaigns(), ports.templates(), ports.keys(), clock, Some.RANDOM);
    }

    /** Reads a campaign. */
    public ReadNoticeCampaign readCampaign() {
        return new ReadingNoticeCampaigns(ports.transactions(), ports.campaigns(), clock);
    }

    /** Stops campaigns. */
    public ControlNoticeCampaign controlCampaign() {
        return new ControllingNoticeCampaigns(ports.transactions(), ports.campaigns());
    }

    /** Reads evidence. */
    public ReadNoticeEvidence readEvidence() {
        return new ReadingNoticeEvidence(ports.transactions(), ports.campaigns());
    }

    /** Keeps texts. */
    public ManageNoticeTemplates manageTemplates() {
        return new ManagingNoticeTemplates(ports.transactions(), ports.templates(), clock);
    }

    /** Notes refusals. */
    public RefuseNotices refuseNotices() {
        return new RefusingNotices(ports.transactions(), ports.members());
    }

    /** Takes campaigns on. */
    public AdvanceNoticeCampaigns advanceCampaigns(PublishEvents events, NoticeSettings settings) {
        return new AdvancingNoticeCampaigns(ports.transactions(), ports.campaigns(), events, settings);
    }

    /** Looks lost calls up. */
    public ResolveNoticeCalls resolveCalls(SendNotices sender, PublishEvents events, NoticeSettings settings) {
        return new ResolvingNoticeCalls(ports.transactions(), ports.calls(), List.of(sender), events, settings, clock);
    }

    /** Relays the outbox. */
    public RelayEvents relay(PublishEvents events) {
        return new RelayingEvents(ports.transactions(), ports.outbox(), events);
    }

    /** Purges. */
    public PurgeOldRows purge() {
        return new PurgingOldRows(ports.transactions(), ports.keys(), ports.deliveries(), clock);
    }
}
