#include "engine/runtime/arrivals/asking_reader.hpp"

#include "tests/runtime/support/answering_machine.hpp"
#include "tests/runtime/support/manual_clock.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace kindred::runtime {
namespace {

/// Asks for what the body names, one after the other: "certificate mail". What may wait ends with "?".
class curious_connector final : public channel::connector {
public:
    channel_kind kind() const override { return channel_kind::email; }
    channel::reception receive(const channel::request& asked, time_point now) const override {
        channel::reception made;
        for (const auto word : {"certificate", "mail?", "more", "and more", "yet more", "still more"}) {
            const std::string_view named(word);
            if (asked.body.find(named) == std::string_view::npos) continue;
            const auto* answer = asked.answer_to(named);
            if (answer != nullptr && !answer->is_fine()) return channel::reception::refuse(503, "unanswered");
            if (answer != nullptr) continue;
            channel::inquiry wanted;
            wanted.key = named;
            wanted.url = "https://provider.example/" + std::string(named);
            made.asks.push_back(std::move(wanted));
            made.asks_may_wait = named.ends_with('?');
            return made;
        }
        if (asked.body == "bug") throw std::runtime_error("a bug");
        made.reply.body = to_rfc3339(now) + ' ' + to_rfc3339(asked.looked_at.value_or(now));
        return made;
    }
    result<channel::provider_call> deliver(const channel::outgoing&) const override {
        return fail(errc::invalid, "sends nothing");
    }
};

class AskingReader : public ::testing::Test {
protected:
    std::optional<result<channel::reception>> read(const std::string& body, bool stop_where_it_may_wait = true) {
        raw_request request;
        request.body = body;
        reading what{&via, std::make_shared<const raw_request>(request), clock.now(), stop_where_it_may_wait};
        got = std::make_shared<std::optional<result<channel::reception>>>();
        read_asking(asks, clock, what, [into = got](result<channel::reception> said) { *into = std::move(said); });
        return *got;
    }

    manual_clock clock;
    answering_machine far;
    inquiries asks{
        [this](http::http_call call, http::client::done then) { return far.take(std::move(call), std::move(then)); },
        clock,
        {}};
    channel_entry via{"mail", "curious", channel_kind::email, std::make_shared<curious_connector>(), {}};
    std::shared_ptr<std::optional<result<channel::reception>>> got;
};

TEST_F(AskingReader, WhatNeedsNoAnswerIsReadAtOnce) {
    const auto said = read("hello");
    ASSERT_TRUE(said && *said);
    EXPECT_EQ((*said)->reply.body, "2026-11-23T10:00:00.000Z 2026-11-23T10:00:00.000Z");
    EXPECT_TRUE(far.urls.empty());
}

TEST_F(AskingReader, EachRoundKnowsTheAnswersOfTheOnesBefore) {
    EXPECT_FALSE(read("certificate, more"));
    clock.advance(std::chrono::seconds{2});
    far.answer(200, "pem");
    EXPECT_FALSE(*got);
    far.answer(200, "more");
    ASSERT_TRUE(*got && **got);
    EXPECT_EQ((**got)->reply.body, "2026-11-23T10:00:00.000Z 2026-11-23T10:00:02.000Z")
        << "judged as of its arrival, and it knows what the clock shows";
    EXPECT_EQ(far.urls.size(), 2U);
}

TEST_F(AskingReader, WhatMayWaitIsLeftToWhomItWasAskedFor) {
    EXPECT_FALSE(read("certificate, mail?"));
    far.answer(200, "pem");
    ASSERT_TRUE(*got && **got);
    EXPECT_EQ((**got)->asks.size(), 1U);
    EXPECT_EQ(far.urls.size(), 1U);
    EXPECT_FALSE(read("mail?", false));
    far.answer(200, "the mail");
    ASSERT_TRUE(*got && **got);
    EXPECT_TRUE((**got)->asks.empty());
}

TEST_F(AskingReader, TheConnectorSaysWhatAMissingAnswerMeans) {
    EXPECT_FALSE(read("certificate"));
    far.fail_with("no such host");
    ASSERT_TRUE(*got && **got);
    EXPECT_EQ((**got)->refused, "unanswered");
}

TEST_F(AskingReader, WhoAsksOnAndOnIsStopped) {
    EXPECT_FALSE(read("certificate, more, and more, yet more, still more"));
    while (!far.waiting.empty()) far.answer(200, "yes");
    ASSERT_TRUE(*got);
    EXPECT_FALSE(**got);
    EXPECT_EQ(far.urls.size(), 4U);
}

TEST_F(AskingReader, ABugIsAnError) {
    const auto said = read("bug");
    ASSERT_TRUE(said);
    ASSERT_FALSE(*said);
    EXPECT_NE(said->error().message.find("a bug"), std::string::npos);
}

}  // namespace
}  // namespace kindred::runtime
