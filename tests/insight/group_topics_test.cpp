#include "engine/insight/group_topics.hpp"

#include <gtest/gtest.h>

namespace kindred::insight {
namespace {

using counts = std::map<std::string, std::uint64_t>;

std::string placed(const std::string& value) {
    return R"({"segments":{"value":")" + value + R"("},"stage":"considering","pinned":[]})";
}

TEST(group_topics, CountTicketsByWhatTheirCustomersGroupsWriteAbout) {
    placement_table placements;
    group_topics topics;
    std::uint64_t last = 0;
    const auto open = [&](const char* channel, const char* json, const std::string& value) {
        topics.contact(ticket_id{++last}, channel, json);
        topics.decided(ticket_id{last}, placements.number_of(placed(value)).value());
    };
    open("chat", R"({"intent":"refund"})", "vip");
    open("chat", R"({"understood":{"intent":"refund","intent_p":0.9}})", "vip");
    open("mail", R"({"understood":{"between":["a","b"]}})", "vip");
    open("mail", R"({"intent":"a \"quoted\" one"})", "regular");
    topics.decided(ticket_id{last}, placements.number_of(placed("vip")).value());  // again: no other ticket
    topics.contact(ticket_id{1}, "chat", "{}");                                    // goes on with a ticket
    topics.decided(ticket_id{2}, placements.number_of(placed("vip")).value());
    const auto made = topics.finish(placements);
    const auto& vip = made.at({"value", "vip"});
    EXPECT_EQ(vip.channels, (counts{{"chat", 2}, {"mail", 1}}));
    EXPECT_EQ(vip.intents, (counts{{"refund", 2}}));
    EXPECT_EQ(made.at({"value", "regular"}).intents, (counts{{"a \"quoted\" one", 1}}));
    EXPECT_EQ(made.at({"stage", "considering"}).channels, (counts{{"chat", 2}, {"mail", 2}}));
    EXPECT_TRUE(group_topics().finish(placements).empty());
}

}  // namespace
}  // namespace kindred::insight
