package mallstream.bootstrap;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** RFC 9457 problem details where no controller is reached. Texts are ours, never a caller's, so nothing is escaped. */
final class Problem {
    private Problem() {}

    /**
     * @param status 400 to 599
     * @param detail plain words without quotes
     * @return the JSON text
     */
    static String json(int status, String detail) {
        HttpStatus known = HttpStatus.resolve(status);
        String title = known == null ? "Error" : known.getReasonPhrase();
        return "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\"" + detail
                + "\"}";
    }

    /** Writes the whole answer. */
    static void write(HttpServletResponse response, int status, String detail) throws IOException {
        byte[] body = json(status, detail).getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    /** Words for a status that came without any. */
    static String words(int status) {
        return switch (status) {
            case 400 -> "The request is malformed.";
            case 404 -> "There is nothing here.";
            case 405 -> "This address does not know that method.";
            case 406 -> "No answer in an accepted media type.";
            case 413 -> "The body is larger than " + BodyLimit.MOST.toMegabytes() + " MB.";
            case 415 -> "The body has the wrong media type.";
            case 503 -> "A part that is needed cannot be reached; try again later.";
            default -> status < 500 ? "The request was refused." : "The request failed; it was logged.";
        };
    }
}
