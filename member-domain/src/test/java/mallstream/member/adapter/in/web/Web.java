package mallstream.member.adapter.in.web;

import java.security.Principal;
import java.util.Set;
import mallstream.member.application.service.UseCases;
import mallstream.member.ports.Fakes;
import mallstream.member.ports.HandClock;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

/** Controllers of this package over real use cases and ports in memory; the caller is a shop with all malls. */
final class Web {
    final HandClock clock = new HandClock("2026-01-02T03:04:05Z");
    final Fakes ports = new Fakes(clock);
    final UseCases useCases = new UseCases(ports, clock);

    private Web() {}

    static Web overFakes() {
        return new Web();
    }

    MockMvcTester serving(Object controller) {
        return servingTo(Set.of("ALL_MALLS"), controller);
    }

    MockMvcTester servingTo(Set<String> roles, Object controller) {
        return MockMvcTester.create(MockMvcBuilders.standaloneSetup(controller)
                .setControllerAdvice(new MemberProblems())
                .defaultRequest(MockMvcRequestBuilders.get("/").with(request -> {
                    request.setUserPrincipal(new Shop());
                    roles.forEach(request::addUserRole);
                    return request;
                }))
                .build());
    }

    private record Shop() implements Principal {
        @Override
        public String getName() {
            return "shop";
        }
    }
}
