package mallstream.bootstrap;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The context of the management port, whose beans the context of a test does not have. */
final class ManagementContext implements ApplicationListener<WebServerInitializedEvent> {
    private volatile @Nullable ApplicationContext context;

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        if ("management".equals(event.getApplicationContext().getServerNamespace())) {
            context = event.getApplicationContext();
        }
    }

    /** The platform's own calls on that port; the actuator's are not among them. */
    RequestMappingHandlerMapping mapping() {
        ApplicationContext found = context;
        if (found == null) {
            throw new IllegalStateException("the management port is not open");
        }
        return found.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
    }
}
