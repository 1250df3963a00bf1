#include "engine/load/webhook_traffic.hpp"

#include "engine/base/json.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kindred::load {
namespace {

struct parts {
    std::string head;
    std::string body;
};

parts parts_of(std::string_view request) {
    const auto end = request.find("\r\n\r\n");
    return {std::string(request.substr(0, end)), std::string(request.substr(end + 4))};
}

std::string header_of(const std::string& head, const std::string& name) {
    const auto begin = head.find("\r\n" + name + ": ");
    if (begin == std::string::npos) return {};
    const auto value = begin + name.size() + 4;
    return head.substr(value, head.find("\r\n", value) - value);
}

traffic_origin origin() { return {"a-secret", "run1", 1'700'000'000, 3}; }

webhook_traffic traffic() { return {parse_target("http://127.0.0.1:8080").value(), origin()}; }

TEST(webhook_traffic, is_a_post_of_about_a_kilobyte) {
    auto made = traffic();
    const auto [head, body] = parts_of(made.compose(0));
    EXPECT_TRUE(head.starts_with("POST /webhooks/whatsapp HTTP/1.1\r\n"));
    EXPECT_EQ(header_of(head, "Host"), "127.0.0.1:8080");
    EXPECT_EQ(header_of(head, "Content-Length"), std::to_string(body.size()));
    EXPECT_GT(body.size(), 900U);
    EXPECT_LT(body.size(), 1200U);
}

TEST(webhook_traffic, is_signed_over_the_very_bytes_of_each_request) {
    auto made = traffic();
    for (const std::uint64_t number : {0, 1, 7, 999'999}) {
        const auto [head, body] = parts_of(made.compose(number));
        EXPECT_EQ(header_of(head, "X-Hub-Signature-256"),
                  "sha256=" + to_hex(hmac_of(hash_kind::sha256, "a-secret", {body})));
    }
}

TEST(webhook_traffic, reads_as_one_text_message_of_whatsapp) {
    auto made = traffic();
    const auto body = json::document::parse(parts_of(made.compose(4)).body);
    ASSERT_TRUE(body);
    const auto value = (*body)["entry"].at(0)["changes"].at(0)["value"];
    const auto message = value["messages"].at(0);
    EXPECT_EQ(message["id"].text(), "wamid.run1.000000000004");
    EXPECT_EQ(message["timestamp"].text(), "1700000000");
    EXPECT_EQ(message["from"].text(), "491700000001");  // the second of three customers
    EXPECT_EQ(value["contacts"].at(0)["wa_id"].text(), message["from"].text());
    EXPECT_TRUE(message["text"]["body"].text().starts_with("Where is my order 000000000004?"));
}

TEST(webhook_traffic, never_repeats_an_id_and_takes_customers_in_turns) {
    auto made = traffic();
    std::set<std::string> ids;
    std::set<std::string> senders;
    for (std::uint64_t number = 0; number < 100; ++number) {
        const auto body = json::document::parse(parts_of(made.compose(number)).body);
        ASSERT_TRUE(body);
        const auto message = (*body)["entry"].at(0)["changes"].at(0)["value"]["messages"].at(0);
        ids.insert(std::string(message["id"].text()));
        senders.insert(std::string(message["from"].text()));
    }
    EXPECT_EQ(ids.size(), 100U);
    EXPECT_EQ(senders.size(), 3U);
}

}  // namespace
}  // namespace kindred::load
