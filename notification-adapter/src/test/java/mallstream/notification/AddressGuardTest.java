package mallstream.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import mallstream.notification.AddressGuard.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
    private static final String PUBLIC = "93.184.216.34";

    /** First and last address of every range, and what embeds IPv4 with a public address inside. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.0",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.0.0",
                "169.254.169.254",
                "169.254.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.0",
                "192.0.0.255",
                "192.0.2.0",
                "192.0.2.255",
                "192.88.99.0",
                "192.88.99.255",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.0",
                "198.51.100.255",
                "203.0.113.0",
                "203.0.113.255",
                "224.0.0.0",
                "239.255.255.255",
                "240.0.0.0",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:8.8.8.8",
                "::8.8.8.8",
                "64:ff9b::",
                "64:ff9b::808:808",
                "64:ff9b::ffff:ffff",
                "64:ff9b:1::",
                "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
                "100::",
                "100::ffff:ffff:ffff:ffff",
                "2001::",
                "2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
                "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
                "2001:db8::",
                "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
                "2002::",
                "2002:808:808::1",
                "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "3fff::",
                "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
                "fc00::",
                "fd00:ec2::254",
                "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "fe80::",
                "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "fec0::",
                "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "ff00::",
                "ff02::1",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
            })
    void an_address_of_no_public_use_is_refused(String text) throws UnknownHostException {
        InetAddress address = inSixteenBytesIfMapped(text);
        assertThat(AddressGuard.isPublic(address)).isFalse();
        assertThat(judge("https://hooks.example/", address)).isInstanceOf(Verdict.Closed.class);
        assertThat(judge("https://hooks.example/", InetAddress.ofLiteral(PUBLIC), address))
                .as("one bad address among good ones")
                .isInstanceOf(Verdict.Closed.class);
    }

    /** The JDK makes an Inet4Address of a mapped one, but a name service may hand out the sixteen bytes. */
    private static InetAddress inSixteenBytesIfMapped(String text) throws UnknownHostException {
        InetAddress address = InetAddress.ofLiteral(text);
        if (!text.startsWith("::ffff:")) {
            return address;
        }
        byte[] bytes = new byte[16];
        bytes[10] = bytes[11] = (byte) 0xff;
        System.arraycopy(address.getAddress(), 0, bytes, 12, 4);
        return Inet6Address.getByAddress(null, bytes, -1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "191.255.255.255",
                "192.0.1.0",
                "192.0.3.0",
                "192.88.98.255",
                "192.88.100.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.99.255",
                "198.51.101.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
                "2000::1",
                "2001:200::1",
                "2001:db7:ffff::1",
                "2001:db9::1",
                "2003::1",
                "2606:4700::1",
                "3ffe:ffff::1",
                "3fff:1000::1"
            })
    void a_neighbour_of_a_refused_range_may_be_called(String text) throws UnknownHostException {
        InetAddress address = InetAddress.ofLiteral(text);
        assertThat(AddressGuard.isPublic(address)).isTrue();
        assertThat(judge("https://hooks.example/", address)).isEqualTo(new Verdict.Open(List.of(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.example", "https://hooks.example:443/a?b=c", "HTTPS://HOOKS.EXAMPLE:8443/",
                "https://a-b.xn--hooks-1ab.example/", "https://93.184.216.34/", "https://[2606:4700::1]:8443/"
            })
    void a_plain_https_address_may_be_called(String url) {
        assertThat(judge(url, InetAddress.ofLiteral(PUBLIC))).isInstanceOf(Verdict.Open.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://hooks.example/ | scheme",
                "ftp://hooks.example/ | scheme",
                "file:///etc/passwd | scheme",
                "//hooks.example/ | scheme",
                "hooks.example | scheme",
                "https:hooks.example | host",
                "https:///path | host",
                "https://user@hooks.example/ | user info",
                "https://user:password@hooks.example/ | user info",
                "https://@hooks.example/ | user info",
                "https://hooks.example:80/ | port",
                "https://hooks.example:22/ | port",
                "https://hooks.example:0/ | port",
                "https://hooks.example:65536/ | port",
                "https://hooks.example./ | host",
                "https://127.0.0.1./ | host",
                "https://93.184.216.34./ | host",
                "https://2130706433/ | host",
                "https://1572395042/ | host",
                "https://0x7f000001/ | host",
                "https://0x7f.0.0.1/ | host",
                "https://0177.0.0.1/ | host",
                "https://093.184.216.34/ | host",
                "https://127.1/ | host",
                "https://127.0.1/ | host",
                "https://93.184.216/ | host",
                "https://hooks.0x7f/ | host",
                "https://[::ffff:127.0.0.1]/ | host",
                "https://[::ffff:5db8:d822]/ | host",
                "https://[::93.184.216.34]/ | host",
                "https://[2606:4700::1%25eth0]/ | host",
                "https://[fe80::1%25lo]/ | host",
                "https://[::1]/ | public",
                "https://127.0.0.1/ | public",
                "https://hooks_example/ | host",
                "https://-hooks.example/ | host",
                "https://hooks..example/ | host",
            })
    void an_address_in_any_other_form_is_refused_in_words(String url, String word) {
        assertThat(judge(url, InetAddress.ofLiteral(PUBLIC))).isInstanceOfSatisfying(Verdict.Closed.class, closed -> {
            assertThat(closed.code()).isEqualTo("address-refused");
            assertThat(closed.why()).contains(word);
        });
    }

    @Test
    void the_words_do_not_tell_where_a_name_leads() {
        assertThat(judge("https://intranet.example/", InetAddress.ofLiteral("10.1.2.3")))
                .isEqualTo(new Verdict.Closed("address-refused", "the host must have public addresses only"));
    }

    @Test
    void a_name_that_does_not_resolve_may_do_so_later() {
        AddressGuard guard = new AddressGuard(List.of(), false, name -> {
            throw new UnknownHostException(name);
        });
        assertThat(guard.judge(URI.create("https://hooks.example/")))
                .isEqualTo(new Verdict.Closed("dns", "the host name does not resolve"));
        assertThat(judge("https://hooks.example/"))
                .isEqualTo(new Verdict.Closed("dns", "the host name does not resolve"));
    }

    @Test
    void an_allowed_address_may_be_called_on_any_port_and_without_tls_only_where_that_is_allowed_too() {
        List<Cidr> loopback = List.of(Cidr.of("127.0.0.0/8"), Cidr.of("::1/128"));
        AddressGuard tls = new AddressGuard(loopback, false, name -> List.of(InetAddress.ofLiteral("127.0.0.1")));
        AddressGuard plain = new AddressGuard(loopback, true, name -> List.of(InetAddress.ofLiteral("127.0.0.1")));

        assertThat(tls.judge(URI.create("https://localhost:9000/"))).isInstanceOf(Verdict.Open.class);
        assertThat(tls.judge(URI.create("http://localhost:9000/"))).isInstanceOf(Verdict.Closed.class);
        assertThat(plain.judge(URI.create("http://localhost:9000/"))).isInstanceOf(Verdict.Open.class);
        assertThat(plain.judge(URI.create("http://[::1]:9000/"))).isInstanceOf(Verdict.Open.class);
        assertThat(plain.judge(URI.create("http://10.0.0.1:9000/"))).isInstanceOf(Verdict.Closed.class);
    }

    @Test
    void the_allow_list_frees_nothing_for_public_addresses() {
        AddressGuard guard = new AddressGuard(
                List.of(Cidr.of("127.0.0.0/8")),
                true,
                name -> List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral(PUBLIC)));

        assertThat(guard.judge(URI.create("https://both.example/"))).isInstanceOf(Verdict.Open.class);
        assertThat(guard.judge(URI.create("https://both.example:9000/"))).isInstanceOf(Verdict.Closed.class);
        assertThat(guard.judge(URI.create("http://both.example/"))).isInstanceOf(Verdict.Closed.class);
        assertThat(guard.judge(URI.create("http://" + PUBLIC + ":443/"))).isInstanceOf(Verdict.Closed.class);
    }

    private static Verdict judge(String url, InetAddress... addresses) {
        return new AddressGuard(List.of(), false, name -> Arrays.asList(addresses)).judge(URI.create(url));
    }
}
