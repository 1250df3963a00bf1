#include "engine/channel/twilio.hpp"
#include "engine/base/digest.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace kindred::channel {
namespace {

const std::string token = "12345";

std::string signature_over(std::string_view signed_text) {
    return to_base64(hmac_of(hash_kind::sha1, token, {signed_text}));
}

struct address_case {
    const char* what;
    const char* signed_url;
    const char* seen_url;
    bool genuine;
};

class TwilioAddress : public ::testing::TestWithParam<address_case> {};

TEST_P(TwilioAddress, IsAcceptedInEveryFormThatTwilioSigns) {
    const auto& one = GetParam();
    EXPECT_EQ(is_signed_by_twilio({token}, one.seen_url, {}, signature_over(one.signed_url)), one.genuine) << one.what;
}

INSTANTIATE_TEST_SUITE_P(
    Forms, TwilioAddress,
    ::testing::Values(
        address_case{"as it is", "https://a.example/x?y=1", "https://a.example/x?y=1", true},
        address_case{"signed with the standard port", "https://a.example:443/x", "https://a.example/x", true},
        address_case{"signed with the standard port of http", "http://a.example:80/x", "http://a.example/x", true},
        address_case{"signed without our port", "https://a.example/x", "https://a.example:8443/x", true},
        address_case{"signed without the user", "https://a.example/x", "https://me:secret@a.example/x", true},
        address_case{"query as a URL parser writes it", "https://a.example/x?q=It%27s", "https://a.example/x?q=It's",
                     true},
        address_case{"query as querystring writes it", "https://a.example/x?q=a%20b", "https://a.example/x?q=a+b",
                     true},
        address_case{"no path", "https://a.example?y=1", "https://a.example?y=1", true},
        address_case{"an IPv6 host keeps its colons", "https://[::1]/x", "https://[::1]:443/x", true},
        address_case{"another host", "https://b.example/x", "https://a.example/x", false},
        address_case{"another path", "https://a.example/y", "https://a.example/x", false},
        address_case{"another scheme", "http://a.example/x", "https://a.example/x", false},
        address_case{"another query", "https://a.example/x?y=2", "https://a.example/x?y=1", false},
        address_case{"a query taken away", "https://a.example/x?y=1", "https://a.example/x", false},
        address_case{"another port than ours", "https://a.example:1/x", "https://a.example:2/x", false},
        address_case{"no address at all", "", "", true}));

TEST(TwilioSignature, EitherOfTwoTokensServesWhileOneReplacesTheOther) {
    const auto signature = signature_over("https://a.example/x");
    EXPECT_TRUE(is_signed_by_twilio({"new", token}, "https://a.example/x", {}, signature));
    EXPECT_TRUE(is_signed_by_twilio({token, "old"}, "https://a.example/x", {}, signature));
    EXPECT_FALSE(is_signed_by_twilio({"new", "old"}, "https://a.example/x", {}, signature));
    EXPECT_FALSE(is_signed_by_twilio({}, "https://a.example/x", {}, signature));
    EXPECT_FALSE(is_signed_by_twilio({""}, "https://a.example/x", {},
                                     to_base64(hmac_of(hash_kind::sha1, "", {"https://a.example/x"}))));
}

RC_GTEST_PROP(TwilioSignature, CoversEveryFieldWhateverTheirOrder,
              (std::vector<std::pair<std::string, std::string>> pairs)) {
    std::vector<form_field> fields;
    for (auto& [name, value] : pairs) fields.push_back({name, value});
    auto sorted = pairs;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::string text = "https://a.example/x";
    for (const auto& [name, value] : sorted) text += name + value;
    const auto signature = signature_over(text);
    RC_ASSERT(is_signed_by_twilio({token}, "https://a.example/x", fields, signature));
    std::reverse(fields.begin(), fields.end());
    RC_ASSERT(is_signed_by_twilio({token}, "https://a.example/x", fields, signature));
    fields.push_back({"Added", "x"});
    RC_ASSERT(!is_signed_by_twilio({token}, "https://a.example/x", fields, signature));
}

}  // namespace
}  // namespace kindred::channel
