package mallstream.order.adapter.out.shopby;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import mallstream.order.application.port.out.VendorFields;
import org.jspecify.annotations.Nullable;

/** Shopby's times: three forms, all in Korean time. */
final class ShopbyTimes {
    private static final ZoneId KOREA = ZoneId.of("Asia/Seoul");
    private static final DateTimeFormatter FORMS = DateTimeFormatter.ofPattern(
                    "[uuuu-MM-dd HH:mm:ss][uuuu-MM-dd-HH:mm:ss][uuuuMMdd]")
            .withResolverStyle(ResolverStyle.STRICT);

    private ShopbyTimes() {}

    /** The moment; of a mere date its first; {@code null} if the text has none of the forms or cannot be kept. */
    static @Nullable Instant read(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return VendorFields.keepable(
                    switch (FORMS.parseBest(text, LocalDateTime::from, LocalDate::from)) {
                        case LocalDateTime time -> time.atZone(KOREA).toInstant();
                        case LocalDate date -> date.atStartOfDay(KOREA).toInstant();
                        default -> null;
                    });
        } catch (DateTimeException noTime) {
            return null;
        }
    }
}
