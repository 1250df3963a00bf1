#include "tests/connectors/support/wrong_requests.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/request_size.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kindred::testing {

namespace {

/// What is counted: the refusal, or why everything in it is ignored.
std::string counted_for(const channel::reception& received) {
    if (!received.refused.empty()) return received.refused;
    for (const auto& each : received.records)
        if (each.ignored_because.empty()) return "taken";
    return received.records.empty() ? "nothing" : received.records.front().ignored_because;
}

}  // namespace

void expect_refused(const channel::connector& connector, const recorded_request& good, time_point now,
                    const std::vector<wrong_request>& table, const std::vector<senseless>& without) {
    const auto accepted = connector.receive(good.view(), now);
    ASSERT_EQ(accepted.refused, "");
    ASSERT_FALSE(accepted.records.empty());
    ASSERT_EQ(accepted.records.front().ignored_because, "");
    ASSERT_LT(accepted.reply.status, 300U);
    std::vector<wrong> shown;
    for (const auto& each : table) {
        SCOPED_TRACE(each.what);
        auto spoilt = good;
        each.spoil(spoilt);
        const auto arrives = each.at == time_point{} ? now : each.at;
        const auto received = channel::receive_within_limit(connector.kind(), connector, spoilt.view(), arrives);
        EXPECT_EQ(received.reply.status, each.status);
        EXPECT_EQ(counted_for(received), each.counted);
        if (each.status >= 300) {
            EXPECT_TRUE(received.records.empty());
            EXPECT_EQ(received.when, channel::answer_after::nothing);
        }
        shown.push_back(each.kind);
    }
    expect_every_kind(shown, without);
}

void expect_every_kind(const std::vector<wrong>& shown, const std::vector<senseless>& without) {
    for (auto each = wrong::flipped_bit; each != wrong::other; each = static_cast<wrong>(static_cast<int>(each) + 1)) {
        const bool is_shown = std::find(shown.begin(), shown.end(), each) != shown.end();
        const bool is_senseless = std::any_of(without.begin(), without.end(), [&](const senseless& said) {
            return said.kind == each && *said.because != '\0';
        });
        EXPECT_NE(is_shown, is_senseless) << "kind " << static_cast<int>(each);
    }
}

wrong_request oversized(channel_kind kind) {
    const auto grow = [kind](recorded_request& r) { r.body.resize(channel::most_request_bytes(kind) + 1, ' '); };
    return {"a byte more than its channel takes", grow, 413, "too_large", wrong::oversized};
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
