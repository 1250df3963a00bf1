#include "engine/http/trusted_proxies.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace kindred::http {
namespace {

using told_in = trusted_proxies::told_in;

trusted_proxies trusting(const std::vector<std::string>& networks, told_in header = told_in::x_forwarded_for) {
    auto made = trusted_proxies::of(networks, header);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made ? *made : trusted_proxies{};
}

struct forwarded_case {
    const char* name;
    const char* peer;
    std::vector<header_view> headers;
    const char* client;
    told_in header = told_in::x_forwarded_for;
};
void PrintTo(const forwarded_case& each, std::ostream* out) { *out << each.name; }

class TrustedProxies : public ::testing::TestWithParam<forwarded_case> {};

TEST_P(TrustedProxies, NameWhoIsBehindThem) {
    const auto& each = GetParam();
    request asked;
    asked.peer = each.peer;
    asked.headers = each.headers;
    EXPECT_EQ(trusting({"10.0.0.0/8", "127.0.0.1", "fd00::/8"}, each.header).client_of(asked), each.client);
    EXPECT_EQ(trusted_proxies{}.client_of(asked), each.peer) << "where nobody is trusted";
}

INSTANTIATE_TEST_SUITE_P(
    Requests, TrustedProxies,
    ::testing::Values(
        forwarded_case{"no proxy, whatever it writes", "203.0.113.9", {{"X-Forwarded-For", "1.2.3.4"}}, "203.0.113.9"},
        forwarded_case{"a proxy that says nothing", "10.0.0.1", {}, "10.0.0.1"},
        forwarded_case{"one proxy", "10.0.0.1", {{"x-forwarded-for", "1.2.3.4"}}, "1.2.3.4"},
        forwarded_case{
            "what the client wrote before", "10.0.0.1", {{"X-Forwarded-For", "6.6.6.6, 1.2.3.4"}}, "1.2.3.4"},
        forwarded_case{"what the client wrote, in a header of its own",
                       "10.0.0.1",
                       {{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "1.2.3.4"}},
                       "1.2.3.4"},
        forwarded_case{"two proxies", "10.0.0.1", {{"X-Forwarded-For", "1.2.3.4,10.9.9.9"}}, "1.2.3.4"},
        forwarded_case{"the other header counts for nothing",
                       "10.0.0.1",
                       {{"Forwarded", "for=6.6.6.6"}, {"X-Forwarded-For", "1.2.3.4"}},
                       "1.2.3.4"},
        forwarded_case{"with a port", "10.0.0.1", {{"X-Forwarded-For", "1.2.3.4:5678"}}, "1.2.3.4"},
        forwarded_case{"IPv6", "fd00::1", {{"X-Forwarded-For", "2001:db8::7"}}, "2001:db8::7"},
        forwarded_case{"IPv6 with a port", "fd00::1", {{"X-Forwarded-For", "[2001:db8::7]:80"}}, "2001:db8::7"},
        forwarded_case{"IPv4 as IPv6", "::ffff:10.0.0.1", {{"X-Forwarded-For", "1.2.3.4"}}, "1.2.3.4"},
        forwarded_case{"nothing that is an address", "10.0.0.1", {{"X-Forwarded-For", "unknown"}}, "10.0.0.1"},
        forwarded_case{"an empty element", "10.0.0.1", {{"X-Forwarded-For", "1.2.3.4,,"}}, "10.0.0.1"},
        forwarded_case{"RFC 7239",
                       "127.0.0.1",
                       {{"Forwarded", R"(for=6.6.6.6, For="[2001:db8:cafe::17]:4711";proto=https;by=10.0.0.2)"}},
                       "2001:db8:cafe::17",
                       told_in::forwarded},
        forwarded_case{"RFC 7239, a comma in quotes",
                       "127.0.0.1",
                       {{"Forwarded", R"(for=1.2.3.4;ext="a,for=6.6.6.6", for=10.0.0.9)"}},
                       "1.2.3.4",
                       told_in::forwarded},
        forwarded_case{"RFC 7239, a name that is no address",
                       "127.0.0.1",
                       {{"Forwarded", "for=_secret"}},
                       "127.0.0.1",
                       told_in::forwarded},
        forwarded_case{"RFC 7239 where the other header was set",
                       "127.0.0.1",
                       {{"X-Forwarded-For", "6.6.6.6"}},
                       "127.0.0.1",
                       told_in::forwarded}));

TEST(TrustedProxies, AreAddressesAndNetworks) {
    const auto some = trusting({"192.0.2.0/25", "2001:db8::/33", "198.51.100.7"});
    for (const auto* in : {"192.0.2.0", "192.0.2.127", "2001:db8:7fff::1", "198.51.100.7", "::ffff:192.0.2.1"})
        EXPECT_TRUE(some.contains(in)) << in;
    for (const auto* out : {"192.0.2.128", "2001:db8:8000::", "198.51.100.8", "", "x", "::ffff:198.51.100.8"})
        EXPECT_FALSE(some.contains(out)) << out;
    EXPECT_TRUE(trusting({"0.0.0.0/0"}).contains("8.8.8.8"));
    EXPECT_FALSE(trusting({"0.0.0.0/0"}).contains("2001:db8::1")) << "all of IPv4 is not all of IPv6";
    for (const auto* wrong : {"", "ten", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::/129", "10.0.0", "proxy.example"})
        EXPECT_FALSE(trusted_proxies::of({wrong})) << wrong;
}

}  // namespace
}  // namespace kindred::http
