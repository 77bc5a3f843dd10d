package mallstream.bootstrap.infrastructure;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import mallstream.bootstrap.Mallstream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import standin.naver.NaverStub;

/**
 * Starts everything on this machine: Kafka, PostgreSQL and the platform, on the usual ports where they are free. This
 * is what {@code ./mvnw} runs. Settings are in {@code application-local.properties}; environment variables and
 * arguments win over them.
 */
public class LocalMallstream {

    private static final ApiKey API = ApiKey.random();
    private static final ApiKey OPERATOR = ApiKey.random();

    /**
     * @param arguments Spring Boot's command line, for instance {@code --server.port=9000}
     */
    public static void main(String[] arguments) {
        say("Starting Kafka and PostgreSQL, then the platform ...");
        try {
            RunningInfrastructure.get(9092, 5432);
        } catch (RuntimeException failure) {
            say("Kafka or PostgreSQL did not start: " + failure);
            System.exit(1);
        }
        System.setProperty("development.http-port", Integer.toString(Ports.preferably(8080)));
        System.setProperty("development.management-port", Integer.toString(Ports.preferably(8081)));
        System.setProperty("development.api-key-sha256", API.sha256());
        System.setProperty("development.operator-key-sha256", OPERATOR.sha256());
        System.setProperty("development.naver-url", naver().url().toString());
        System.setProperty(
                "development.naver-since",
                Instant.now().minus(1, ChronoUnit.HOURS).toString());
        System.setProperty("development.secrets-key", Base64.getEncoder().encodeToString(ApiKey.randomBytes()));
        try {
            SpringApplication.from(Mallstream::main)
                    .with(EmbeddedConnections.class, ContainerConnections.class, LocalMallstream.class)
                    .withAdditionalProfiles("local")
                    .run(arguments);
        } catch (RuntimeException saidInTheLog) {
            // The broker's threads would keep the JVM alive for ever.
            System.exit(1);
        }
    }

    /** Stands in for Naver's interface; one order changed there half an hour ago. */
    private static NaverStub naver() {
        NaverStub naver = new NaverStub();
        Instant then = Instant.now().minus(30, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.MILLIS);
        naver.put(new NaverStub.Line("2026010215054101", "2026010215054001", then, "PAYED", "OK"));
        naver.put(new NaverStub.Line("2026010215054102", "2026010215054001", then, "DELIVERING", "OK"));
        return naver;
    }

    @Bean
    static ApplicationListener<ApplicationReadyEvent> sayWhereItIs() {
        return ready -> say(guide(ready.getApplicationContext().getEnvironment(), Infrastructure.running()));
    }

    private static String guide(Environment environment, Infrastructure infrastructure) {
        return """

                Mallstream is up.
                  HTTP          http://localhost:{http}       key {api-key}
                  management    http://localhost:{management}/actuator       key {operator-key}
                  Kafka         {kafka}
                  PostgreSQL    {jdbc-url}  user {user}, password {password}

                Try it, line by line:
                  answer=$(curl -sS http://localhost:{http}/api/malls/mall-1/members -H 'Authorization: Bearer {api-key}' -H 'Idempotency-Key: {idempotency-key}' -H 'Content-Type: application/json' -d '{"loginId":"hong","name":"Hong Gildong","email":"hong@example.com","phone":"010-1234-5678"}'); echo "$answer"
                  curl -sS http://localhost:{http}/api/malls/mall-1/members/$(echo "$answer" | cut -d'"' -f4) -H 'Authorization: Bearer {api-key}'
                  curl -sS http://localhost:{management}/actuator/health/consumers -H 'Authorization: Bearer {operator-key}'

                Ctrl-C stops all of it. Nothing is kept.
                """.replace("{http}", environment.getRequiredProperty("local.server.port"))
                .replace("{management}", environment.getRequiredProperty("local.management.port"))
                .replace("{api-key}", API.value())
                .replace("{operator-key}", OPERATOR.value())
                .replace("{idempotency-key}", UUID.randomUUID().toString())
                .replace("{kafka}", infrastructure.bootstrapServers())
                .replace("{jdbc-url}", infrastructure.jdbcUrl())
                .replace("{user}", infrastructure.username())
                .replace("{password}", infrastructure.password());
    }

    /** Plain text for a person at a terminal: a logger would put a time stamp before each line to be pasted. */
    static void say(String text) {
        System.out.println(text);
    }
}
