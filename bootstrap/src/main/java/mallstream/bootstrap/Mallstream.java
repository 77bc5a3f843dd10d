package mallstream.bootstrap;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the platform. */
@SpringBootApplication
public class Mallstream {

    /**
     * @param arguments Spring Boot's command line, for instance {@code --server.port=8080}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(Mallstream.class, arguments);
    }
}
