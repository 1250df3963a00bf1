#include "engine/nodes/pass.hpp"

#include <gtest/gtest.h>

namespace kindred::nodes {
namespace {

constexpr std::string_view key = "what those know who read the store";
const time_point now = from_millis(1'790'000'000'000);

struct sent {
    std::string value = write_pass(key, {"node1", "203.0.113.7"}, "POST", "/webhooks/x?y=1", "body", now);
    std::string method = "POST";
    std::string target = "/webhooks/x?y=1";
    std::string body = "body";

    http::request request() const {
        http::request made;
        made.method = method;
        made.target = target;
        made.body = body;
        made.headers = {{"kindred-forwarded", value}};
        return made;
    }
};

TEST(Pass, says_who_passes_on_and_for_whom) {
    const sent as_it_was;
    const auto read = read_pass(key, as_it_was.request(), now + std::chrono::seconds{20});
    ASSERT_TRUE(read);
    EXPECT_EQ(read->node, "node1");
    EXPECT_EQ(read->client, "203.0.113.7");
}

TEST(Pass, is_worth_nothing_once_anything_of_the_request_was_altered) {
    const auto refuses = [](const http::request& asked, std::string_view with = key, duration later = {}) {
        const auto read = read_pass(with, asked, now + later);
        return !read && read.error().code == errc::unauthorized;
    };
    const auto altered = [](auto change) {
        sent one;
        change(one);
        return one;
    };
    const std::vector<sent> all{
        altered([](sent& one) { one.method = "GET"; }),
        altered([](sent& one) { one.target = "/webhooks/z"; }),
        altered([](sent& one) { one.body += '!'; }),
        altered([](sent& one) { one.value.replace(one.value.find("203"), 3, "198"); }),
        altered([](sent& one) { one.value.back() = one.value.back() == '0' ? '1' : '0'; }),
        altered([](sent& one) { one.value = "v1;1;node1;127.0.0.1;00"; }),
        altered([](sent& one) { one.value = "v1"; }),
        altered([](sent& one) { one.value.clear(); }),
    };
    for (const auto& each : all) EXPECT_TRUE(refuses(each.request())) << each.value;
    const sent whole;
    EXPECT_TRUE(refuses(whole.request(), "another key"));
    EXPECT_TRUE(refuses(whole.request(), ""));
    EXPECT_TRUE(refuses(whole.request(), key, std::chrono::minutes{6}));
    EXPECT_TRUE(refuses(whole.request(), key, -std::chrono::minutes{6}));
    auto twice = whole.request();
    twice.headers.push_back(twice.headers.front());
    EXPECT_TRUE(refuses(twice));
    auto without = whole.request();
    without.headers.clear();
    EXPECT_TRUE(refuses(without));
}

}  // namespace
}  // namespace kindred::nodes
