package mallstream.member.adapter.in.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.ReadPoints;
import mallstream.member.application.port.in.UsePoints;
import mallstream.member.application.port.in.UsePoints.Result;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.UuidV7;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows a member's points, pays with them and gives them back. */
@RestController
@RequestMapping("/api/malls/{mallId}/members/{memberId}/points")
final class PointsController {
    private final ReadPoints read;
    private final UsePoints use;

    PointsController(ReadPoints read, UsePoints use) {
        this.read = read;
        this.use = use;
    }

    @GetMapping
    ResponseEntity<?> points(@PathVariable String mallId, @PathVariable String memberId) {
        return Requests.show(
                read.points(member(mallId, memberId)), points -> PointsBody.of(points.balance(), points.lots()));
    }

    @GetMapping("/ledger")
    ResponseEntity<?> ledger(
            @PathVariable String mallId,
            @PathVariable String memberId,
            @RequestParam(required = false) @Nullable String before,
            @RequestParam(defaultValue = "50") String size) {
        @Nullable Long from = before == null ? null : number("before", before);
        // What is too large for an int is too large for a page.
        int most = (int) Math.min(number("size", size), Integer.MAX_VALUE);
        return Requests.show(read.ledger(member(mallId, memberId), from, most), LedgerBody::of);
    }

    @PostMapping("/uses")
    ResponseEntity<?> use(
            @PathVariable String mallId,
            @PathVariable String memberId,
            @RequestBody PointsOnly body,
            @RequestHeader(name = Requests.IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey,
            HttpServletRequest request) {
        Member.Key member = member(mallId, memberId);
        long points = body.present();
        var key = Requests.key(request, idempotencyKey, Long.toString(points));
        return respond(use.use(member, points, key), UseBody::new);
    }

    @PostMapping("/uses/{useId}/restorations")
    ResponseEntity<?> restore(
            @PathVariable String mallId,
            @PathVariable String memberId,
            @PathVariable String useId,
            @RequestBody PointsOnly body,
            @RequestHeader(name = Requests.IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey,
            HttpServletRequest request) {
        Member.Key member = member(mallId, memberId);
        UUID id = UuidV7.parse("useId", useId);
        long points = body.present();
        var key = Requests.key(request, idempotencyKey, Long.toString(points));
        return respond(use.restore(member, id, points, key), RestorationBody::new);
    }

    private static ResponseEntity<?> respond(Answer<Result> answer, Function<UUID, Object> created) {
        return Requests.respond(answer, result -> switch (result) {
            case Result.Booked booked ->
                ResponseEntity.status(HttpStatus.CREATED).body(created.apply(booked.id()));
            case Result.NotEnough not ->
                Requests.problem(HttpStatus.CONFLICT, "points: the balance is " + not.balance());
            case Result.MoreThanUsed more ->
                Requests.problem(HttpStatus.CONFLICT, "points: of this use " + more.left() + " can be restored");
            case Result.NoSuchUse ignored -> Requests.problem(HttpStatus.NOT_FOUND, "this member has no such use");
            case Result.NoSuchMember ignored -> Requests.noSuchMember();
            case Result.Withdrawn ignored -> Requests.gone();
        });
    }

    private static Member.Key member(String mallId, String memberId) {
        return new Member.Key(new MallId(mallId), MemberId.parse(memberId));
    }

    private static long number(String field, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InvalidValue(field, "must be a whole number");
        }
    }

    record PointsOnly(@Nullable Long points) {
        long present() {
            if (points == null) {
                throw new InvalidValue("points", "must be present");
            }
            return points;
        }
    }

    record UseBody(UUID useId) {}

    record RestorationBody(UUID restorationId) {}

    record LedgerBody(List<LineBody> entries, @Nullable Long next) {
        static LedgerBody of(ReadPoints.Page page) {
            return new LedgerBody(page.entries().stream().map(LineBody::of).toList(), page.next());
        }
    }

    record LineBody(
            long sequence,
            String kind,
            UUID lotId,
            long points,
            @Nullable UUID useId,
            @Nullable UUID restorationId,
            Instant at) {
        static LineBody of(ReadPoints.Line line) {
            return new LineBody(
                    line.sequence(),
                    line.kind().name().toLowerCase(Locale.ROOT),
                    line.lotId(),
                    line.points(),
                    line.useId(),
                    line.restorationId(),
                    line.at());
        }
    }
}
