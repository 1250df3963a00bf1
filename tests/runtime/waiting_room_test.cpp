#include "engine/runtime/arrivals/waiting_room.hpp"

#include "engine/runtime/people/registers.hpp"
#include "tests/runtime/support/answering_machine.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace kindred::runtime {
namespace {

/// Reads everything, and asks nothing.
class reading_connector final : public channel::connector {
public:
    channel_kind kind() const override { return channel_kind::email; }
    channel::reception receive(const channel::request& arrived, time_point) const override {
        channel::reception made;
        made.records.push_back(message_of("v1", "m-1", std::string(arrived.body)));
        return made;
    }
    result<channel::provider_call> deliver(const channel::outgoing&) const override {
        return fail(errc::invalid, "sends nothing");
    }
};

class WaitingRoom : public ::testing::Test {
protected:
    WaitingRoom() {
        raw_request request;
        request.body = "a mail";
        kept_ = to_row({{}, "mail", std::string(waiting_room::reason), "waits", run_.clock().now(), request});
        EXPECT_TRUE(run_.answer_to(register_change{registers::quarantine_add{kept_, "mail"}, {}}));
        room_.begin();
    }
    ~WaitingRoom() override { room_.stop(); }

    bool take(input given) {
        auto* arrived = std::get_if<delivery>(&given);
        if (arrived == nullptr) {
            std::get<register_change>(given).done(std::string(R"({"changed":false})"));
            return true;
        }
        const std::lock_guard hold(mutex_);
        arrived_.push_back(std::move(*arrived));
        return true;
    }
    bool has_arrived(std::size_t times) {
        return eventually([&] {
            const std::lock_guard hold(mutex_);
            return arrived_.size() == times;
        });
    }
    /// Whoever comes makes the room look around.
    void look() {
        room_.keep(*channels_.find("mail"), std::make_shared<const raw_request>(), [](bool) {});
    }

    site_run run_;
    store::kept_row kept_;
    answering_machine far_;
    inquiries asks_{
        [this](http::http_call call, http::client::done then) { return far_.take(std::move(call), std::move(then)); },
        run_.clock(),
        {}};
    channel_directory channels_{{{"mail", "reading", channel_kind::email, std::make_shared<reading_connector>()}}};
    std::mutex mutex_;
    std::vector<delivery> arrived_;
    waiting_room room_{run_.durable(),
                       channels_,
                       asks_,
                       run_.clock(),
                       [this](input given) { return take(std::move(given)); },
                       [](const std::string&, const outcome&) {}};
};

TEST_F(WaitingRoom, WhatIsLostOnItsWayIsTriedOnceMore) {
    ASSERT_TRUE(has_arrived(1));
    {
        const std::lock_guard hold(mutex_);
        arrived_.front().done = {};  // nobody will answer
    }
    run_.clock().advance(std::chrono::minutes{9});
    look();
    run_.clock().advance(std::chrono::minutes{2});
    look();
    ASSERT_TRUE(has_arrived(2));
}

TEST_F(WaitingRoom, WhatWasTakenInIsNotTriedAgain) {
    ASSERT_TRUE(has_arrived(1));
    outcome accepted;
    accepted.ticket = ticket_id{1};
    arrived_.front().done({accepted});
    run_.clock().advance(std::chrono::hours{1});
    bool looked = false;
    room_.keep(*channels_.find("mail"), std::make_shared<const raw_request>(), [&](bool) { looked = true; });
    EXPECT_TRUE(looked);
    room_.stop();
    EXPECT_EQ(arrived_.size(), 1U);
}

}  // namespace
}  // namespace kindred::runtime
