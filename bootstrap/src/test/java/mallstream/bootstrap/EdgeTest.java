package mallstream.bootstrap;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import mallstream.bootstrap.infrastructure.PlatformTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** The whole platform with a key for every kind of caller. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@PlatformTest
@Import(ManagementContext.class)
@TestPropertySource(
        properties = {
            "mallstream.security.keys[2].name=test-viewer",
            "mallstream.security.keys[2].role=viewer",
            "mallstream.security.keys[2].sha256=d1c7806cbeb38fe716cacc771b8d57e1c5c14793399e22cff406758d80013137",
            "mallstream.security.keys[3].name=test-mall-1",
            "mallstream.security.keys[3].role=api",
            "mallstream.security.keys[3].sha256=f59806cd4fd856b0235a6fc90b1fbcec920e8c2e27e3a00b065a5dc74f44105f",
            "mallstream.security.keys[3].malls=mall-1",
            "mallstream.security.keys[4].name=test-mall-2",
            "mallstream.security.keys[4].role=api",
            "mallstream.security.keys[4].sha256=2b7fa9deac96eb5c862c2a32ddb340469415136adc90a73e16ff03548bc0c276",
            "mallstream.security.keys[4].malls=mall-2",
        })
@interface EdgeTest {
    /** A key of role viewer. */
    String VIEWER_KEY = "viewer-key-that-only-tests-know-0123456789";

    /** A key of role api for mall-1 only. */
    String MALL_1_KEY = "mall-1-key-that-only-tests-know-0123456789";

    /** A key of role api for mall-2 only. */
    String MALL_2_KEY = "mall-2-key-that-only-tests-know-0123456789";
}
