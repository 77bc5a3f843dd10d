package mallstream.member.application.reaction;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static mallstream.member.application.port.in.Reaction.StartsAt.RETAINED;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.NoticeReaction;
import mallstream.member.application.port.in.Outcome;
import mallstream.member.application.port.in.Reaction;
import mallstream.member.application.port.out.NoticeCalls;
import mallstream.member.application.port.out.NoticeCalls.Call;
import mallstream.member.application.port.out.NoticeCalls.Claimed;
import mallstream.member.application.port.out.NoticeCalls.Ended;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.application.port.out.NoticeTemplates;
import mallstream.member.application.port.out.SendNotices;
import mallstream.member.application.port.out.SendNotices.Letter;
import mallstream.member.application.port.out.SendNotices.Notice;
import mallstream.member.application.port.out.SendNotices.Recipient;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeRequested;
import mallstream.member.model.NoticeSettings;
import mallstream.member.model.Unavailable;
import mallstream.member.model.UuidV7;
import org.jspecify.annotations.Nullable;

/**
 * Sends requested notices, many in one call and nobody twice. A request only says whose turn it is: the member's row says
 * whether something is to be sent. It is marked before the call, and a mark whose call was never answered waits until the
 * channel has been asked.
 */
@Reaction(value = "notice", startsAt = RETAINED)
final class GatewayNoticeReaction implements NoticeReaction {
    /** No call begins after this time, well within the engine's call timeout; the requests that are left come again. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final Transactions transactions;
    private final NoticeCampaigns campaigns;
    private final NoticeCalls calls;
    private final NoticeTemplates templates;
    private final Map<NoticeChannel, SendNotices> senders;
    private final NoticeSettings settings;
    private final Clock clock;
    private final RandomGenerator random;

    GatewayNoticeReaction(
            Transactions transactions,
            NoticeCampaigns campaigns,
            NoticeCalls calls,
            NoticeTemplates templates,
            List<SendNotices> senders,
            NoticeSettings settings,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.campaigns = campaigns;
        this.calls = calls;
        this.templates = templates;
        this.senders = senders.stream().collect(toMap(SendNotices::channel, Function.identity()));
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public List<Outcome> on(List<NoticeRequested> requests) {
        Instant until = clock.instant().plus(LONGEST);
        var outcomes = new HashMap<NoticeRequested, Outcome>();
        requests.stream()
                .distinct()
                .collect(groupingBy(NoticeRequested::campaignId, LinkedHashMap::new, toList()))
                .forEach((campaign, of) -> outcomes.putAll(tell(campaign, of, until)));
        return requests.stream()
                .map(request -> Objects.requireNonNull(outcomes.get(request)))
                .toList();
    }

    private Map<NoticeRequested, Outcome> tell(CampaignId id, List<NoticeRequested> requests, Instant until) {
        Optional<Text> text = transactions.inOne(() -> campaigns.find(id).map(this::text));
        var outcomes = new HashMap<NoticeRequested, Outcome>();
        if (text.isEmpty()) {
            requests.forEach(request -> outcomes.put(request, new Outcome.Refused("unknown-campaign")));
            return outcomes;
        }
        if (text.get().campaign().state() != NoticeCampaign.State.SENDING) {
            // Who goes on with it publishes the requests of all who are ready again.
            requests.forEach(request -> outcomes.put(request, new Outcome.AlreadyDone()));
            return outcomes;
        }
        SendNotices sender = sender(text.get().campaign().channel());
        for (int from = 0; from < requests.size(); from += sender.most()) {
            List<NoticeRequested> some = requests.subList(from, Math.min(requests.size(), from + sender.most()));
            if (clock.instant().isBefore(until)) {
                Map<MemberId, Outcome> told = call(sender, text.get(), some);
                some.forEach(request ->
                        outcomes.put(request, told.getOrDefault(request.memberId(), new Outcome.AlreadyDone())));
            } else {
                some.forEach(request -> outcomes.put(request, new Outcome.TryLater(AT_ONCE)));
            }
        }
        return outcomes;
    }

    /**
     * Makes one call at the most. Rows are marked just before the call that they are for, and not all of a batch at once:
     * so what stays unknown after a crash was really on its way. It costs a transaction more per call.
     */
    private Map<MemberId, Outcome> call(SendNotices sender, Text text, List<NoticeRequested> requests) {
        Instant begun = clock.instant();
        var call = new Call(
                UuidV7.at(begun, random), text.campaign().id(), text.campaign().channel(), begun, settings.callLease());
        List<Claimed> claimed = transactions.inOne(() -> calls.begin(
                call,
                requests.stream().map(NoticeRequested::memberId).distinct().toList()));
        return claimed.isEmpty() ? Map.of() : record(call, claimed, send(sender, text, call, claimed));
    }

    private List<SendNotices.Result> send(SendNotices sender, Text text, Call call, List<Claimed> claimed) {
        try {
            // An instance that stood still since it marked the rows must not begin what another may be asking about.
            if (clock.instant().isAfter(call.begunAt().plus(settings.callLease().dividedBy(2)))) {
                throw new Unavailable("time for a call", new IllegalStateException("this instance stood still"));
            }
            return sender.send(new Notice(
                    call.id(),
                    text.campaign().template(),
                    text.letter(),
                    claimed.stream()
                            .map(one -> new Recipient(one.rowId(), one.address(), one.name()))
                            .toList()));
        } catch (Unavailable e) {
            end(call, claimed.stream().map(one -> Ended.notSent(one.memberId())).toList());
            throw e;
        }
    }

    private Map<MemberId, Outcome> record(Call call, List<Claimed> claimed, List<SendNotices.Result> results) {
        if (results.size() != claimed.size()) {
            throw new IllegalStateException("a channel answered for " + results.size() + " of " + claimed.size());
        }
        var ended = new ArrayList<Ended>(claimed.size());
        for (int i = 0; i < claimed.size(); i++) {
            Claimed one = claimed.get(i);
            ended.add(Ended.of(one.memberId(), one.attempts(), results.get(i)));
        }
        // A call that was given up meanwhile is somebody else's to finish, and who is ready again comes with
        // the campaign's next pass: nothing of this call comes again by these requests.
        end(call, ended);
        return claimed.stream().collect(toMap(Claimed::memberId, one -> new Outcome.Done()));
    }

    private void end(Call call, List<Ended> ended) {
        Instant now = clock.instant();
        transactions.inOne(() -> calls.end(call.id(), ended, now, settings.settle()));
    }

    private SendNotices sender(NoticeChannel channel) {
        SendNotices sender = senders.get(channel);
        if (sender == null) {
            throw new Unavailable("channel " + channel, new IllegalStateException("nothing sends by it"));
        }
        return sender;
    }

    private Text text(NoticeCampaign campaign) {
        return switch (campaign.channel()) {
            case ALIMTALK -> new Text(campaign, null);
            case MAIL ->
                new Text(
                        campaign,
                        templates
                                .find(campaign.template(), campaign.templateVersion())
                                .map(template -> new Letter(template.subject(), template.body()))
                                .orElseThrow());
        };
    }

    private record Text(NoticeCampaign campaign, @Nullable Letter letter) {}
}
