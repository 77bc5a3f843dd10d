package mallstream.order.adapter.out.naverpay;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;

/**
 * What came back of a call.
 *
 * @param status the HTTP status; 0: nothing came, and {@code lost} says why
 * @param lost why there is no answer, in words without content
 * @param headers its headers
 * @param json its body; an empty object where that is none
 */
record Reply(int status, @Nullable String lost, HttpHeaders headers, JsonNode json) {
    boolean isOk() {
        return status == 200;
    }

    /** Naver's code of an error, empty if there is none. */
    String code() {
        return json.path("code").asString("");
    }

    /** Naver's own name of this call, short and plain or {@code null}. */
    @Nullable
    String traceId() {
        String header = headers.getFirst("GNCP-GW-Trace-ID");
        String trace = header == null ? json.path("traceId").asString("") : header;
        return trace.matches("[A-Za-z0-9_.:^-]{1,100}") ? trace : null;
    }

    /** Names the status only. */
    @Override
    public String toString() {
        return "Reply[" + status + "]";
    }
}
