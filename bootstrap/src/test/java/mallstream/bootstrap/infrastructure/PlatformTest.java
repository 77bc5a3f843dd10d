package mallstream.bootstrap.infrastructure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import mallstream.bootstrap.Mallstream;
import org.springframework.boot.test.context.SpringBootTest;

/**
 * A test of the whole platform: it runs on random ports ({@code @LocalServerPort}, {@code @LocalManagementPort}) and
 * on the {@link Infrastructure} that all tests of the JVM share. Topics and tables are shared too, so a test takes a
 * mall of its own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        classes = {Mallstream.class, EmbeddedConnections.class, ContainerConnections.class},
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "logging.level.org.apache.kafka=error",
            "mallstream.security.keys[0].name=test-api",
            "mallstream.security.keys[0].role=api",
            "mallstream.security.keys[0].sha256=" + PlatformTest.API_KEY_SHA256,
            "mallstream.security.keys[1].name=test-operator",
            "mallstream.security.keys[1].role=operator",
            "mallstream.security.keys[1].sha256=" + PlatformTest.OPERATOR_KEY_SHA256,
            "mallstream.secrets.key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "mallstream.webhook.allow=127.0.0.0/8,::1/128",
            "mallstream.webhook.allow-http=true",
        })
public @interface PlatformTest {

    /** A key of role api, for all malls. */
    String API_KEY = "an-api-key-that-only-tests-know-0123456789";

    /** A key of role operator. */
    String OPERATOR_KEY = "an-operator-key-that-only-tests-know-0123456789";

    /** The SHA-256 of {@link #API_KEY}. */
    String API_KEY_SHA256 = "f9ee0a015dd88839b13093dd5f0750e48fd5e8648c275f0f10d5f10cf7fe7d6b";

    /** The SHA-256 of {@link #OPERATOR_KEY}. */
    String OPERATOR_KEY_SHA256 = "02bfc37b50aa6dd8a8341fb9331188c009b6597e6c6de4404f037096fa4e3065";
}
