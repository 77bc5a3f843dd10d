package mallstream.member.adapter.in.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import mallstream.member.application.port.in.ReadNoticeCampaign;
import mallstream.member.application.port.in.StartNoticeCampaign;
import mallstream.member.application.port.in.StartNoticeCampaign.CampaignOrder;
import mallstream.member.model.CampaignId;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.MallId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeCampaign.Progress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Starts notice campaigns and shows how far they are. */
@RestController
@RequestMapping("/api/notice-campaigns")
final class NoticeCampaignsController {
    private final StartNoticeCampaign start;
    private final ReadNoticeCampaign read;

    NoticeCampaignsController(StartNoticeCampaign start, ReadNoticeCampaign read) {
        this.start = start;
        this.read = read;
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
                Requests.present("template", body.template()));
        var key =
                Requests.key(request, idempotencyKey, body.mallId(), year.toString(), body.channel(), body.template());
        return Requests.respond(
                start.start(order, key),
                id -> ResponseEntity.status(HttpStatus.CREATED).body(new StartedBody(id.value())));
    }

    @GetMapping("/{campaignId}")
    ResponseEntity<?> read(@PathVariable String campaignId, HttpServletRequest request) {
        return read.read(CampaignId.parse(campaignId))
                // A foreign campaign is not there at all: 403 would tell that it is.
                .filter(view -> Requests.mayUse(request, view.campaign().mallId()))
                .<ResponseEntity<?>>map(view -> ResponseEntity.ok(ProgressBody.of(view)))
                .orElseGet(() -> Requests.problem(HttpStatus.NOT_FOUND, "there is no such campaign"));
    }

    record CampaignBody(
            @Nullable String mallId,
            @Nullable Integer year,
            @Nullable String channel,
            @Nullable String template) {}

    record StartedBody(UUID campaignId) {}

    record ProgressBody(
            UUID campaignId,
            @Nullable String mallId,
            int year,
            String channel,
            String template,
            @Nullable Long total,
            long published,
            long accepted,
            long rejected,
            long unknown,
            double rate,
            @Nullable Instant estimatedEnd) {
        static ProgressBody of(ReadNoticeCampaign.View view) {
            NoticeCampaign campaign = view.campaign();
            MallId mall = campaign.mallId();
            Progress progress = view.progress();
            return new ProgressBody(
                    campaign.id().value(),
                    mall == null ? null : mall.value(),
                    campaign.year(),
                    campaign.channel().name().toLowerCase(Locale.ROOT),
                    campaign.template(),
                    progress.total(),
                    progress.published(),
                    progress.accepted(),
                    progress.rejected(),
                    progress.unknown(),
                    view.perSecond(),
                    view.estimatedEnd());
        }
    }
}
