package mallstream.bootstrap;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * The last net on both ports: what no advice turned into problem details is turned here. It stands in the filter chain
 * and not behind an error page, because the management port has pages of its own, and because the container would log an
 * exception with its message.
 */
final class ProblemFilter extends OncePerRequestFilter {
    private static final Logger log = LoggerFactory.getLogger(ProblemFilter.class);

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, new WithoutErrorPage(response));
        } catch (Exception e) {
            answer(request, response, e instanceof ServletException && e.getCause() != null ? e.getCause() : e);
            return;
        }
        int status = response.getStatus();
        if (status >= 400 && !response.isCommitted() && response.getContentType() == null) {
            Problem.write(response, status, Problem.words(status));
        }
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, Throwable failure)
            throws IOException, ServletException {
        if (DisconnectedClientHelper.isClientDisconnectedException(failure)) {
            return;
        }
        int status = switch (failure) {
            case ErrorResponse known -> known.getStatusCode().value();
            case AuthenticationServiceException issuer -> 503;
            default -> 500;
        };
        if (status >= 500) {
            // The pattern and not the address, which a caller may have filled with anything.
            Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
            log.error("{} {} failed", request.getMethod(), pattern == null ? "" : pattern, new WithoutMessage(failure));
        }
        if (response.isCommitted()) {
            throw new ServletException("an answer was cut short");
        }
        response.reset();
        Problem.write(response, status, Problem.words(status));
    }

    /** Answers at once where the container would look for an error page. */
    private static final class WithoutErrorPage extends HttpServletResponseWrapper {
        WithoutErrorPage(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void sendError(int status) throws IOException {
            resetBuffer();
            Problem.write(this, status, Problem.words(status));
        }

        @Override
        public void sendError(int status, String message) throws IOException {
            sendError(status);
        }
    }
}
