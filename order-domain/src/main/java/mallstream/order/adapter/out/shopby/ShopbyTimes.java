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
    private static final DateTimeFormatter SPACED = strict("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter DASHED = strict("uuuu-MM-dd-HH:mm:ss");
    private static final DateTimeFormatter DATE = strict("uuuuMMdd");
    private static final int LENGTH_OF_DATE = 8;

    private ShopbyTimes() {}

    /** The moment; of a mere date its first; {@code null} if the text has none of the forms or cannot be kept. */
    static @Nullable Instant read(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return VendorFields.keepable(
                    text.length() == LENGTH_OF_DATE
                            ? LocalDate.parse(text, DATE).atStartOfDay(KOREA).toInstant()
                            : LocalDateTime.parse(text, text.indexOf(' ') < 0 ? DASHED : SPACED)
                                    .atZone(KOREA)
                                    .toInstant());
        } catch (DateTimeException noTime) {
            return null;
        }
    }

    /** One pattern with three optional parts would do, and would try them one after the other for each of an order's times. */
    private static DateTimeFormatter strict(String pattern) {
        return DateTimeFormatter.ofPattern(pattern).withResolverStyle(ResolverStyle.STRICT);
    }
}
