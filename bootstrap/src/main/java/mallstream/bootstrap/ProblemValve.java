package mallstream.bootstrap;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** Problem details for what Tomcat refuses before any filter sees it, such as an address that is none. */
final class ProblemValve extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setCharacterEncoding("utf-8");
            response.getReporter().write(Problem.json(status, Problem.words(status)));
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            containerLog(e);
        }
    }

    private void containerLog(Exception failure) {
        if (container.getLogger().isDebugEnabled()) {
            container.getLogger().debug("an error could not be reported", failure);
        }
    }
}
