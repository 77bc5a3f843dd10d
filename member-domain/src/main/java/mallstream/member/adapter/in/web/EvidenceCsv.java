package mallstream.member.adapter.in.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import mallstream.member.application.port.in.ReadNoticeEvidence;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeRecipient;
import mallstream.member.model.Unavailable;
import org.jspecify.annotations.Nullable;

/** The evidence of a campaign as CSV (RFC 4180), a line per member. */
final class EvidenceCsv {
    private static final String HEAD =
            "campaignId,mallId,memberId,channel,template,templateVersion,result,code,requestId,callId,begunAt,endedAt";
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");

    private EvidenceCsv() {}

    /**
     * @throws Unavailable if the database failed before the first line
     * @throws IOException if the caller is gone, or the database failed later: the answer breaks off, so that nobody takes
     *     it for whole
     */
    static void write(NoticeCampaign campaign, ReadNoticeEvidence evidence, HttpServletResponse response)
            throws IOException {
        List<NoticeRecipient> page = evidence.page(campaign.id(), null);
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"notice-" + campaign.id() + ".csv\"");
        Writer out =
                new BufferedWriter(new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8), 1 << 16);
        out.write(HEAD);
        out.write("\r\n");
        while (!page.isEmpty()) {
            for (NoticeRecipient recipient : page) {
                out.write(line(campaign, recipient));
            }
            page = next(campaign, evidence, page.getLast());
        }
        out.flush();
    }

    private static List<NoticeRecipient> next(
            NoticeCampaign campaign, ReadNoticeEvidence evidence, NoticeRecipient last) throws IOException {
        try {
            return evidence.page(campaign.id(), last.memberId());
        } catch (Unavailable e) {
            // Without its cause: by that Spring would find an answer to it, and end this one as if it were whole.
            throw new IOException("the evidence breaks off: " + e.getMessage());
        }
    }

    private static String line(NoticeCampaign campaign, NoticeRecipient recipient) {
        boolean accepted = recipient.state() == NoticeRecipient.State.ACCEPTED;
        return String.join(
                        ",",
                        campaign.id().toString(),
                        recipient.mallId().value(),
                        recipient.memberId().toString(),
                        campaign.channel().name().toLowerCase(Locale.ROOT),
                        cell(campaign.template()),
                        Integer.toString(campaign.templateVersion()),
                        recipient.state().name().toLowerCase(Locale.ROOT),
                        cell(accepted ? null : recipient.code()),
                        cell(accepted ? recipient.code() : null),
                        plain(recipient.callId()),
                        plain(recipient.begunAt()),
                        plain(recipient.endedAt()))
                + "\r\n";
    }

    private static String plain(@Nullable Object value) {
        return value == null ? "" : Objects.toString(value);
    }

    /**
     * What others wrote. A spreadsheet takes a cell that begins with one of {@code = + - @} for a formula, which may call
     * out; an apostrophe makes it text. A negative number is what it is.
     */
    static String cell(@Nullable String value) {
        if (value == null) {
            return "";
        }
        String text = value.replaceAll("\\p{Cntrl}", " ");
        if (!text.isEmpty()
                && "=+-@ ".indexOf(text.charAt(0)) >= 0
                && !NUMBER.matcher(text).matches()) {
            text = "'" + text;
        }
        return text.contains(",") || text.contains("\"") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }
}
