#include "engine/store/batch_codec.hpp"

#include "tests/store/support/samples.hpp"

#include <gtest/gtest.h>

namespace kindred::store {
namespace {

using namespace samples;

batch everything() {
    auto full = contact(7);
    full.consumed = {3, 4};
    full.outbox = {outgoing(3, 7)};
    full.agents = {{agent_id{2}, "ann", R"({"name":"Ann"})"}};
    full.rulesets = {{"abc", "ann", noon, std::string("files\0", 6)}};
    full.active_ruleset = "abc";
    full.settings = {{"counter", "12"}, {"", ""}};
    full.kept = {{"stop", "a", noon, std::string("x\0", 2)}, {"stop", "b", noon, "", true}};
    full.erased = {ticket_id{5}, ticket_id{6}};
    return full;
}

std::string encoded(const batch& given) {
    std::string bytes;
    encode(given, bytes);
    return bytes;
}

void expect_same(const batch& read, const batch& written) {
    EXPECT_EQ(read.id, written.id);
    EXPECT_EQ(read.at, written.at);
    EXPECT_EQ(read.consumed, written.consumed);
    EXPECT_EQ(read.keys, written.keys);
    EXPECT_EQ(read.customers, written.customers);
    EXPECT_EQ(read.identities, written.identities);
    EXPECT_EQ(read.tickets, written.tickets);
    EXPECT_EQ(read.entries, written.entries);
    EXPECT_EQ(read.agents, written.agents);
    EXPECT_EQ(read.outbox, written.outbox);
    EXPECT_EQ(read.journal, written.journal);
    EXPECT_EQ(read.rulesets, written.rulesets);
    EXPECT_EQ(read.active_ruleset, written.active_ruleset);
    EXPECT_EQ(read.settings, written.settings);
    EXPECT_EQ(read.kept, written.kept);
    EXPECT_EQ(read.erased, written.erased);
}

TEST(batch_codec, gives_back_every_field) {
    for (const auto& written : {everything(), contact(1), batch{}}) {
        const auto read = decode_batch(encoded(written));
        ASSERT_TRUE(read) << read.error().message;
        expect_same(*read, written);
    }
}

TEST(batch_codec, refuses_bytes_that_end_early_or_go_on) {
    const auto whole = encoded(everything());
    for (std::size_t size = 0; size < whole.size(); ++size)
        ASSERT_FALSE(decode_batch(whole.substr(0, size))) << "of " << size << " bytes";
    EXPECT_FALSE(decode_batch(whole + '\0'));
}

TEST(batch_codec, reads_what_older_programs_logged) {
    auto written = everything();
    written.erased.clear();
    auto bytes = encoded(written);
    bytes.resize(bytes.size() - 4);  // the count of erased tickets came with version 3
    bytes.front() = 2;
    auto read = decode_batch(bytes);
    ASSERT_TRUE(read) << read.error().message;
    expect_same(*read, written);
    written.kept.clear();
    bytes = encoded(written);
    bytes.resize(bytes.size() - 8);  // and the one of kept rows with version 2
    bytes.front() = 1;
    read = decode_batch(bytes);
    ASSERT_TRUE(read) << read.error().message;
    expect_same(*read, written);
}

TEST(batch_codec, refuses_another_version_and_values_that_mean_nothing) {
    auto other = encoded(everything());
    other.front() = 4;
    EXPECT_EQ(decode_batch(other).error().code, errc::corrupt);
    auto strange = everything();
    strange.tickets.front().status = static_cast<ticket_status>(77);
    EXPECT_EQ(decode_batch(encoded(strange)).error().code, errc::corrupt);
}

}  // namespace
}  // namespace kindred::store
