#include "engine/base/certificate.hpp"

#include <gtest/gtest.h>

namespace kindred {
namespace {

// Made with openssl: an authority, what it has issued for sns.amazonaws.com, another authority of the same name, and a
// certificate with an RSA key of 1024 bits. All begin on 28 November 2026; the authorities end in 2036, the others
// after a year.
constexpr std::string_view authority =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBeTCCAR+gAwIBAgIUWKOb4hpmquevKxX1avXpZzH7LpEwCgYIKoZIzj0EAwIw\n"
    "EjEQMA4GA1UEAwwHVGVzdCBDQTAeFw0yNjExMjgxNjA4MTNaFw0zNjExMjUxNjA4\n"
    "MTNaMBIxEDAOBgNVBAMMB1Rlc3QgQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC\n"
    "AAQaKBZPZ8gc07pGMn3euvfLbKAqQmmxjfPwi6zFPWmAbyyp7gpcqfKjZE4hbyy9\n"
    "hv92gd3vvxNiu+6N1xfUuoZOo1MwUTAdBgNVHQ4EFgQU4/o5dtXsdX8T7HmUIAcm\n"
    "ykeTKn4wHwYDVR0jBBgwFoAU4/o5dtXsdX8T7HmUIAcmykeTKn4wDwYDVR0TAQH/\n"
    "BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAq8d/XbcB9ORPWHcKj/oA2q4mp8/h\n"
    "9Wmdt993nLE3L8MCIBLbXy+T+W80jdQ1u3gbX6+RTsCuU/+H55GY6RWh4rU5\n"
    "-----END CERTIFICATE-----\n";
constexpr std::string_view leaf =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBmjCCAT+gAwIBAgIURiz8kM+J7+hBRCFg6CY/HL4jAU4wCgYIKoZIzj0EAwIw\n"
    "EjEQMA4GA1UEAwwHVGVzdCBDQTAeFw0yNjExMjgxNjA4MTRaFw0yNzExMjgxNjA4\n"
    "MTRaMBoxGDAWBgNVBAMMD2lnbm9yZWQuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqG\n"
    "SM49AwEHA0IABBPjxKI/Ga8JwsgYjUt4YZfKhqAk1VJtpAE41NYGkb7W6HGB8rNH\n"
    "/A8baD932k56fUGS5YEnarr84j5WoY8R26CjazBpMBwGA1UdEQQVMBOCEXNucy5h\n"
    "bWF6b25hd3MuY29tMAkGA1UdEwQCMAAwHQYDVR0OBBYEFNdgm2krkm3F5saAdx7Q\n"
    "NoBEebiPMB8GA1UdIwQYMBaAFOP6OXbV7HV/E+x5lCAHJspHkyp+MAoGCCqGSM49\n"
    "BAMCA0kAMEYCIQDj7GnBcmhwuAIMp+u6KBl19+XL5h853O/dobwN4DMwlQIhAPQx\n"
    "38mdBaJCyK6gpDyoHIjGA8+KxQxpSFKTAHso7VB2\n"
    "-----END CERTIFICATE-----\n";
constexpr std::string_view impostor =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBeTCCAR+gAwIBAgIUKP6SmA8JZFcPlWmzknNVWXgsAm4wCgYIKoZIzj0EAwIw\n"
    "EjEQMA4GA1UEAwwHVGVzdCBDQTAeFw0yNjExMjgxNjA4MTRaFw0zNjExMjUxNjA4\n"
    "MTRaMBIxEDAOBgNVBAMMB1Rlc3QgQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC\n"
    "AATftjWmOe+PQQMgBFneYX5ALUc2YPFDd0TJmfPURX0Z8F4uxy6LGcnmmVveKUc0\n"
    "3BVPYCr5/jzjU/FeUfwyHkHYo1MwUTAdBgNVHQ4EFgQUvWdbnAzSAKSecU2xCXqO\n"
    "4CYdyzowHwYDVR0jBBgwFoAUvWdbnAzSAKSecU2xCXqO4CYdyzowDwYDVR0TAQH/\n"
    "BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAthIOYucMrlgFuiasQ/HozjXBsxti\n"
    "4bRHHYO5Nxn3/lYCIFJRCmsAFv3rSm4IpjsR7rAJsaYV7/SYBGWMdTCena58\n"
    "-----END CERTIFICATE-----\n";
constexpr std::string_view weak =
    "-----BEGIN CERTIFICATE-----\n"
    "MIICFDCCAX2gAwIBAgIUbFXpvbyD/gT0P/W7N14n/8pD63UwDQYJKoZIhvcNAQEL\n"
    "BQAwHDEaMBgGA1UEAwwRc25zLmFtYXpvbmF3cy5jb20wHhcNMjYxMTI4MTYwODE0\n"
    "WhcNMjcxMTI4MTYwODE0WjAcMRowGAYDVQQDDBFzbnMuYW1hem9uYXdzLmNvbTCB\n"
    "nzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEA18+STul5mIpUy3sWCPoc3/oa0QGx\n"
    "CAHQnuPHq9Mhs/30n5kV3IDJWRFhJ+T78xRxhFu8v/sqaksbpB5iKNFgWulhlZxO\n"
    "W94uQb+v62nynaKjQHoLWGPUCU4+mdjlj+JnNeqbLgEtMrwg9fKOKc1iVqj/UzVy\n"
    "2byU9aU3bKc5rU0CAwEAAaNTMFEwHQYDVR0OBBYEFH5DcRDCZ11ScOTZfOdG3Zfv\n"
    "yUxrMB8GA1UdIwQYMBaAFH5DcRDCZ11ScOTZfOdG3ZfvyUxrMA8GA1UdEwEB/wQF\n"
    "MAMBAf8wDQYJKoZIhvcNAQELBQADgYEAu5XQ4UdwSiMPAfsFwGgwTPkDw3YFtSKp\n"
    "l7EKPqeyIEO68rVhxUOAoNJ961FCLnFkbfr6d1083/lnLU4Cy979uGUaUYnK5576\n"
    "bGvAKzqVvmWZeVO8ortOgO9+LM1ZUsngqZDy108a5iiVYQgMoMjMS+bvzong0w6d\n"
    "WxetwxeRXrM=\n"
    "-----END CERTIFICATE-----\n";

const time_point in_date = parse_time("2027-03-01T00:00:00Z").value();

bool is_sns(std::string_view name) { return name == "sns.amazonaws.com"; }

std::string why_not(std::string_view pem, time_point now = in_date) {
    const auto key = key_of_signer(pem, now, is_sns);
    return key ? "" : key.error().message;
}

std::string chain(std::initializer_list<std::string_view> parts) {
    std::string all;
    for (const auto part : parts) all += part;
    return all;
}

TEST(Certificate, OneThatIsInDateAndNamedRightGivesItsKey) {
    EXPECT_EQ(why_not(leaf), "");
    EXPECT_EQ(why_not(chain({leaf, authority})), "");
    EXPECT_EQ(why_not(chain({"# from AWS\n", leaf})), "") << "text around it is allowed (RFC 7468)";
}

TEST(Certificate, WhatIsWrongIsNamed) {
    EXPECT_NE(why_not(leaf, parse_time("2026-11-28T00:00:00Z").value()).find("not in date"), std::string::npos);
    EXPECT_NE(why_not(leaf, parse_time("2027-12-01T00:00:00Z").value()).find("not in date"), std::string::npos);
    EXPECT_NE(why_not(authority).find("is for Test CA"), std::string::npos);
    EXPECT_NE(why_not(weak).find("2048"), std::string::npos);
    EXPECT_NE(why_not(chain({leaf, impostor})).find("not issued by"), std::string::npos);
    EXPECT_NE(why_not(chain({leaf, leaf})).find("not issued by"), std::string::npos);
    EXPECT_NE(why_not(chain({leaf, authority, leaf})).find("not issued by"), std::string::npos);
    EXPECT_NE(why_not(chain({leaf, authority}), parse_time("2037-01-01T00:00:00Z").value()).find("not in date"),
              std::string::npos);
}

TEST(Certificate, BytesThatAreNoneGiveNoKey) {
    for (const std::string_view bytes : {"", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
        EXPECT_NE(why_not(bytes).find("no certificate"), std::string::npos) << bytes;
    EXPECT_FALSE(key_of_signer(leaf.substr(0, leaf.size() / 2), in_date, is_sns));
    EXPECT_FALSE(key_of_signer(std::string(300'000, 'x'), in_date, is_sns));
    std::string many;
    for (int i = 0; i < 20; ++i) many += leaf;
    EXPECT_NE(why_not(many).find("over 8"), std::string::npos);
}

}  // namespace
}  // namespace kindred
