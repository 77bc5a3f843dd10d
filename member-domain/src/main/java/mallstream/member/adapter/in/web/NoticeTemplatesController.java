package mallstream.member.adapter.in.web;

import java.time.Instant;
import java.util.List;
import mallstream.member.application.port.in.ManageNoticeTemplates;
import mallstream.member.application.port.in.ManageNoticeTemplates.Put;
import mallstream.member.model.NoticeTemplate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Keeps the texts of notices by mail. They are the platform's, not a mall's. */
@RestController
@RequestMapping("/api/notice-templates/{code}")
final class NoticeTemplatesController {
    private final ManageNoticeTemplates templates;

    NoticeTemplatesController(ManageNoticeTemplates templates) {
        this.templates = templates;
    }

    /** The same text twice is one version, so the call is safe to repeat. */
    @PutMapping
    ResponseEntity<?> put(@PathVariable String code, @RequestBody TextBody body) {
        Put put =
                templates.put(code, Requests.present("subject", body.subject()), Requests.present("body", body.body()));
        return ResponseEntity.status(put.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(VersionBody.of(put.template()));
    }

    @GetMapping
    ResponseEntity<?> versions(@PathVariable String code) {
        List<NoticeTemplate> versions = templates.versions(code);
        return versions.isEmpty()
                ? Requests.problem(HttpStatus.NOT_FOUND, "there is no such template")
                : ResponseEntity.ok(
                        new VersionsBody(versions.stream().map(VersionBody::of).toList()));
    }

    record TextBody(@Nullable String subject, @Nullable String body) {}

    record VersionsBody(List<VersionBody> versions) {}

    record VersionBody(String code, int version, String subject, String body, Instant madeAt) {
        static VersionBody of(NoticeTemplate template) {
            return new VersionBody(
                    template.code(), template.version(), template.subject(), template.body(), template.madeAt());
        }
    }
}
