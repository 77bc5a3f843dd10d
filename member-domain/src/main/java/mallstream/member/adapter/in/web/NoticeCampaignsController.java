package mallstream.member.adapter.in.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.application.port.in.ControlNoticeCampaign;
import mallstream.member.application.port.in.ReadNoticeCampaign;
import mallstream.member.application.port.in.ReadNoticeEvidence;
import mallstream.member.application.port.in.StartNoticeCampaign;
import mallstream.member.application.port.in.StartNoticeCampaign.CampaignOrder;
import mallstream.member.application.port.in.StartNoticeCampaign.Result;
import mallstream.member.model.CampaignId;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.MallId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.Command;
import mallstream.member.model.NoticeCampaign.Counts;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeCampaign.Progress;
import mallstream.member.model.RequestKey;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Starts, stops and shows notice campaigns. */
@RestController
@RequestMapping("/api/notice-campaigns")
final class NoticeCampaignsController {
    private final StartNoticeCampaign start;
    private final ReadNoticeCampaign read;
    private final ControlNoticeCampaign control;
    private final ReadNoticeEvidence evidence;

    NoticeCampaignsController(
            StartNoticeCampaign start,
            ReadNoticeCampaign read,
            ControlNoticeCampaign control,
            ReadNoticeEvidence evidence) {
        this.start = start;
        this.read = read;
        this.control = control;
        this.evidence = evidence;
    }

    @PostMapping
    ResponseEntity<?> start(
            @RequestBody CampaignBody body,
            @RequestHeader(name = Requests.IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey,
            HttpServletRequest request) {
        @Nullable MallId mall = body.mallId() == null ? null : new MallId(body.mallId());
        if (!Requests.mayUse(request, mall)) {
            return Requests.problem(HttpStatus.FORBIDDEN, "mallId: this key is for other malls");
        }
        Integer year = body.year();
        if (year == null) {
            throw new InvalidValue("year", "must be present");
        }
        var order = new CampaignOrder(
                mall,
                year,
                NoticeChannel.parse(Requests.present("channel", body.channel())),
                Requests.present("template", body.template()),
                body.templateVersion());
        return Requests.respond(start.start(order, key(request, idempotencyKey, body)), result -> switch (result) {
            case Result.Started started ->
                ResponseEntity.status(HttpStatus.CREATED)
                        .body(new StartedBody(started.campaignId().value()));
            case Result.AlreadyOpen open -> alreadyOpen(open.campaignId());
            case Result.NoSuchTemplate ignored ->
                Requests.problem(
                        HttpStatus.UNPROCESSABLE_CONTENT, "template: there is no such text, or not that version");
        });
    }

    /** Its id, as a field too, is all that a caller learns who may not see that campaign. */
    private static ResponseEntity<?> alreadyOpen(CampaignId open) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.CONFLICT,
                "campaign " + open.value() + " of this year and channel, for some of the same malls, is not over");
        problem.setProperty("campaignId", open.value());
        return ResponseEntity.of(problem).build();
    }

    /** What was not there before counts only where it is used: a request may be repeated across a change of version. */
    private static @Nullable RequestKey key(
            HttpServletRequest request, @Nullable String idempotencyKey, CampaignBody body) {
        var asked = new ArrayList<@Nullable String>();
        asked.add(body.mallId());
        asked.add(String.valueOf(body.year()));
        asked.add(body.channel());
        asked.add(body.template());
        if (body.templateVersion() != null) {
            asked.add(body.templateVersion().toString());
        }
        return Requests.key(request, idempotencyKey, asked.toArray(new @Nullable String[0]));
    }

    @GetMapping("/{campaignId}")
    ResponseEntity<?> read(@PathVariable String campaignId, HttpServletRequest request) {
        return visible(campaignId, request)
                .<ResponseEntity<?>>map(view -> ResponseEntity.ok(ProgressBody.of(view)))
                .orElseGet(NoticeCampaignsController::noSuchCampaign);
    }

    @PostMapping("/{campaignId}/pause")
    ResponseEntity<?> pause(@PathVariable String campaignId, HttpServletRequest request) {
        return control(campaignId, Command.PAUSE, request);
    }

    @PostMapping("/{campaignId}/resume")
    ResponseEntity<?> resume(@PathVariable String campaignId, HttpServletRequest request) {
        return control(campaignId, Command.RESUME, request);
    }

    @PostMapping("/{campaignId}/cancel")
    ResponseEntity<?> cancel(@PathVariable String campaignId, HttpServletRequest request) {
        return control(campaignId, Command.CANCEL, request);
    }

    private ResponseEntity<?> control(String campaignId, Command command, HttpServletRequest request) {
        Optional<ReadNoticeCampaign.View> view = visible(campaignId, request);
        if (view.isEmpty()) {
            return noSuchCampaign();
        }
        return switch (control.control(view.get().campaign().id(), command)) {
            case FOLLOWED -> read(campaignId, request);
            case NOT_ALLOWED -> Requests.problem(HttpStatus.CONFLICT, "this campaign is over");
            case NO_SUCH_CAMPAIGN -> noSuchCampaign();
        };
    }

    /**
     * Writes page after page while the caller reads, and holds one page and no database connection meanwhile.
     *
     * @throws IOException if the caller is gone
     */
    @GetMapping("/{campaignId}/evidence")
    @Nullable
    ResponseEntity<?> evidence(
            @PathVariable String campaignId, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Optional<ReadNoticeCampaign.View> view = visible(campaignId, request);
        if (view.isEmpty()) {
            return noSuchCampaign();
        }
        EvidenceCsv.write(view.get().campaign(), evidence, response);
        return null;
    }

    /** A foreign campaign is not there at all: 403 would tell that it is. */
    private Optional<ReadNoticeCampaign.View> visible(String campaignId, HttpServletRequest request) {
        return read.read(CampaignId.parse(campaignId))
                .filter(view -> Requests.mayUse(request, view.campaign().mallId()));
    }

    private static ResponseEntity<?> noSuchCampaign() {
        return Requests.problem(HttpStatus.NOT_FOUND, "there is no such campaign");
    }

    record CampaignBody(
            @Nullable String mallId,
            @Nullable Integer year,
            @Nullable String channel,
            @Nullable String template,
            @Nullable Integer templateVersion) {}

    record StartedBody(UUID campaignId) {}

    record ProgressBody(
            UUID campaignId,
            @Nullable String mallId,
            int year,
            String channel,
            String template,
            int templateVersion,
            String state,
            @Nullable Long total,
            ExcludedBody excluded,
            long published,
            long ready,
            long sending,
            long accepted,
            long rejected,
            long unknown,
            double rate,
            @Nullable Instant estimatedEnd) {
        static ProgressBody of(ReadNoticeCampaign.View view) {
            NoticeCampaign campaign = view.campaign();
            MallId mall = campaign.mallId();
            Progress progress = view.progress();
            Counts counts = progress.counts();
            return new ProgressBody(
                    campaign.id().value(),
                    mall == null ? null : mall.value(),
                    campaign.year(),
                    campaign.channel().name().toLowerCase(Locale.ROOT),
                    campaign.template(),
                    campaign.templateVersion(),
                    campaign.state().name().toLowerCase(Locale.ROOT),
                    progress.total(),
                    new ExcludedBody(counts.refused(), counts.noContactData(), counts.withdrawn()),
                    progress.published(),
                    counts.ready(),
                    counts.sending(),
                    counts.accepted(),
                    counts.rejected(),
                    counts.unknown(),
                    view.perSecond(),
                    view.estimatedEnd());
        }
    }

    record ExcludedBody(long refused, long noContactData, long withdrawn) {}
}
