package mallstream.bootstrap.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import mallstream.member.model.EmailAddress;
import mallstream.member.model.PersonName;
import mallstream.member.model.PhoneNumber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaksTest {
    /** What is searched, as it looks, and where in it somebody could be. */
    private static final Map<String, String> PLACES = Map.of(
            "log",
            """
            2026-01-02T03:04:05.678Z  INFO 7 --- [mallstream] [main] mallstream.Some : nothing here 86420001
            2026-01-02T03:04:05.679Z  WARN 7 --- [mallstream] [main] mallstream.Some : no notice to SOMEBODY
            2026-01-02T03:04:05.680Z  INFO 7 --- [mallstream] [main] mallstream.Some : took 1.010864200 s
            """,
            "log as JSON",
            """
            {"message":"no notice","error":{"stack_trace":"java.lang.Some: [SOMEBODY]\\n\\tat mallstream.Some"}}
            """,
            "metrics",
            """
            # TYPE http_server_requests_seconds summary
            http_server_requests_seconds_count{method="GET",status="404",uri="/api/malls/m/members/SOMEBODY"} 1
            http_server_requests_seconds_sum{method="GET",status="404",uri="/api/malls/m/members"} 0.010864200
            """,
            "value of a metric's tag",
            """
            mallstream_consume_hot_share{key="SOMEBODY",subscription="coupon"} 0.5
            """,
            "header",
            """
            mallstream-reason: invalid
            mallstream-error: no member SOMEBODY
            """,
            "error",
            """
            {"detail":"email: must not be SOMEBODY","instance":"/api/malls/m/members","status":400,"title":"Bad Request"}""");

    private static List<String> found(Map.Entry<String, String> place, String somebody) {
        return Leaks.people(Map.of(
                "a clean place", "nobody", place.getKey(), place.getValue().replace("SOMEBODY", somebody)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Quillonhan 1",
                "quillonhan",
                "Quillonhan+1",
                "zorvath1@example.com",
                "ZORVATH1%40example.com",
                "01086420001",
                "010-8642-0001",
                "010 8642 0001",
                "+821086420001",
                "+82-10-8642-0001",
                "+82 10 8642 0001",
                "821086420001",
                "%2B82-10-8642-0001",
                "%2B821086420001"
            })
    void a_person_is_found_in_every_place_however_written(String somebody) {
        for (Map.Entry<String, String> place : PLACES.entrySet()) {
            assertThat(found(place, somebody))
                    .as(place.getKey())
                    .singleElement()
                    .asString()
                    .startsWith("a person in " + place.getKey() + ": ")
                    .contains(somebody);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9010864200010", "0.01086420001", "1086420001", "[masked]"})
    void what_is_nobody_is_not_found(String nobody) {
        for (Map.Entry<String, String> place : PLACES.entrySet()) {
            assertThat(found(place, nobody)).as(place.getKey()).isEmpty();
        }
    }

    @Test
    void who_is_masked_is_not_found() {
        for (String masked : List.of(
                new PersonName("Quillonhan 1").masked(),
                new EmailAddress("zorvath1@example.com").masked(),
                new PhoneNumber("010-8642-0001").masked())) {
            for (Map.Entry<String, String> place : PLACES.entrySet()) {
                assertThat(found(place, masked)).as(place.getKey()).isEmpty();
            }
        }
    }
}
