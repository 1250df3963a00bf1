#include "engine/api/webhooks.hpp"
#include "engine/runtime/arrivals/quarantine.hpp"
#include "engine/runtime/people/registers.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

namespace kindred::api {
namespace {

using runtime::most_quarantined_bytes;

/// Chokes on a body that begins with "choke"; every other body is the text of a message.
class choking_connector final : public channel::connector {
public:
    explicit choking_connector(channel_kind kind) : kind_(kind) {}
    channel_kind kind() const override { return kind_; }
    channel::reception receive(const channel::request& arrived, time_point) const override {
        if (arrived.body.starts_with("choke")) throw std::runtime_error("a bug in the connector");
        channel::reception made;
        made.records = {runtime::message_of("v1", "m1", std::string(arrived.body.substr(0, 6)))};
        return made;
    }
    result<channel::provider_call> deliver(const channel::outgoing&) const override {
        return fail(errc::invalid, "sends nothing");
    }

private:
    channel_kind kind_;
};

/// A site whose writer chokes on "poison", and its door.
class Door : public ::testing::Test {
protected:
    Door() {
        runtime::site_settings settings;
        settings.readers = 1;
        settings.calls.threads = 1;
        settings.writing.rehearse = [](const channel::record& happened) {
            if (happened.text == "poison") throw std::runtime_error("a bug in a step");
        };
        site = runtime::site::start(
                   {.durable = *durable,
                    .now = clock,
                    .rules = runtime::test_rules(),
                    .rules_author = "test",
                    .channels = runtime::channel_directory({{"mails", "choking", channel_kind::email, mails},
                                                            {"texts", "choking", channel_kind::social, texts}}),
                    .seed = {runtime::agent_named("ann")},
                    .disk_is_broken = [] {}},
                   settings)
                   .value();
        door = std::make_unique<reception_desk>(*site, "https://support.example.com", nullptr);
    }

    http::response answer_to(const std::string& body, std::string_view path = "/webhooks/mails") {
        auto promise = std::make_shared<std::promise<http::response>>();
        auto promised = promise->get_future();
        http::request asked;
        asked.method = "POST";
        asked.target = asked.path = path;
        asked.body = body;
        door->webhook(asked, http::responder([promise](http::response sent) { promise->set_value(std::move(sent)); }));
        promise.reset();
        return runtime::value_of(std::move(promised));
    }
    std::size_t kept() { return durable->kept(runtime::quarantine_rows, {}, {}, 10).value().size(); }
    bool counted(const std::string& labels) {
        return site->figures().text().find("kindred_contacts_total{" + labels + "} 1\n") != std::string::npos;
    }
    std::size_t limit_of(std::string_view path) {
        http::request head;
        head.path = path;
        return door->body_limit(head);
    }
    void told_too_large(std::string_view path) {
        http::request head;
        head.path = path;
        door->too_large(head);
    }

    std::unique_ptr<store::store> durable = store::make_memory_store();
    runtime::manual_clock clock{runtime::test_start};
    std::shared_ptr<choking_connector> mails = std::make_shared<choking_connector>(channel_kind::email);
    std::shared_ptr<choking_connector> texts = std::make_shared<choking_connector>(channel_kind::social);
    std::unique_ptr<runtime::site> site;
    std::unique_ptr<reception_desk> door;
};

std::string padded(std::string beginning, std::size_t bytes) {
    beginning.resize(bytes, 'x');
    return beginning;
}

TEST_F(Door, WhatAStepFailsByIsKeptUpToTwoMebibytesAndElseLeftToItsProvider) {
    const auto large = answer_to(padded("poison", most_quarantined_bytes + 1));
    EXPECT_EQ(large.status(), 503U) << "413 would say: never again";
    EXPECT_TRUE(counted(R"(channel="mails",outcome="refused",reason="bug_not_kept")")) << site->figures().text();
    EXPECT_EQ(kept(), 0U);
    EXPECT_LT(answer_to(padded("poison", most_quarantined_bytes)).status(), 300U);
    EXPECT_TRUE(counted(R"(channel="mails",outcome="quarantined",reason="bug")")) << site->figures().text();
    EXPECT_EQ(kept(), 1U);
    EXPECT_EQ(answer_to(padded("hello", most_quarantined_bytes + 1)).status(), 200U) << "its size alone is no fault";
}

TEST_F(Door, WhatAConnectorFailsByIsLeftToItsProviderWhereItIsTooLargeToBeKept) {
    const auto large = answer_to(padded("choke", most_quarantined_bytes + 1));
    EXPECT_EQ(large.status(), 503U);
    EXPECT_NE(large.body().find("over the 2097152 that quarantine keeps"), std::string::npos) << large.body();
    EXPECT_TRUE(counted(R"(channel="mails",outcome="refused",reason="bug_not_kept")")) << site->figures().text();
    EXPECT_GE(answer_to("choke").status(), 500U) << "nobody knows who sent it";
    EXPECT_TRUE(runtime::eventually([this] { return kept() == 1; }));
}

TEST_F(Door, WhatIsOverTheLimitOfItsChannelIsCountedThere) {
    EXPECT_EQ(limit_of("/webhooks/mails/inbound"), 25U << 20U);
    EXPECT_EQ(limit_of("/webhooks/texts"), 3U << 20U);
    EXPECT_EQ(limit_of("/api/v1/contacts"), 3U << 20U);
    told_too_large("/webhooks/texts/status");
    EXPECT_TRUE(counted(R"(channel="texts",outcome="refused",reason="too_large")")) << site->figures().text();
    told_too_large("/webhooks/nowhere");
    EXPECT_TRUE(counted(R"(channel="unknown",outcome="refused",reason="too_large")")) << site->figures().text();
}

}  // namespace
}  // namespace kindred::api
