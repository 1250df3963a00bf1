#include "tests/connectors/support/wrong_requests.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kindred::testing {

void expect_refused(const channel::connector& connector, const recorded_request& good, time_point now,
                    const std::vector<wrong_request>& table) {
    const auto accepted = connector.receive(good.view(), now);
    ASSERT_EQ(accepted.refused, "");
    ASSERT_FALSE(accepted.records.empty());
    ASSERT_LT(accepted.reply.status, 300U);
    for (const auto& wrong : table) {
        SCOPED_TRACE(wrong.what);
        auto spoilt = good;
        wrong.spoil(spoilt);
        const auto received = connector.receive(spoilt.view(), wrong.at == time_point{} ? now : wrong.at);
        EXPECT_EQ(received.reply.status, wrong.status);
        EXPECT_EQ(received.refused, wrong.refused);
        EXPECT_TRUE(received.records.empty());
        EXPECT_EQ(received.when, channel::answer_after::nothing);
    }
}

void set_header(recorded_request& request, const std::string& name, const std::string& value) {
    remove_header(request, name);
    request.headers.emplace_back(name, value);
}

void remove_header(recorded_request& request, const std::string& name) {
    std::erase_if(request.headers, [&](const channel::header& each) { return equal_ignoring_case(each.first, name); });
}

void double_header(recorded_request& request, const std::string& name) {
    const auto found = std::find_if(request.headers.begin(), request.headers.end(),
                                    [&](const channel::header& each) { return equal_ignoring_case(each.first, name); });
    ASSERT_NE(found, request.headers.end());
    const auto copy = *found;
    request.headers.push_back(copy);
}

void flip_bit(std::string& bytes) { bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1); }

std::string sha256_header(const std::string& secret, const std::string& body) {
    return "sha256=" + to_hex(hmac_of(hash_kind::sha256, secret, {body}));
}

}  // namespace kindred::testing
