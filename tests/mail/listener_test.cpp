#include "engine/mail/listener.hpp"

#include "mail/support/mail_client.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

namespace kindred::mail {
namespace {

using test::mail_client;

/// Keeps what it gets, and answers as the test says.
class collecting final : public receiver {
public:
    std::optional<reply> refuse_recipient(std::string_view address) override {
        if (address.starts_with("no")) return reply{550, "5.1.1 unknown"};
        return std::nullopt;
    }
    void receive(message arrived, acknowledgement done) override {
        std::unique_lock hold(mutex_);
        if (arrived.content.find("throw") != std::string::npos) throw std::runtime_error("bug");
        messages_.push_back(std::move(arrived));
        if (answer_at_once_) {
            hold.unlock();
            return done.send(reply{250, "2.0.0 taken"});
        }
        waiting_.push_back(std::move(done));
        changed_.notify_all();
    }
    void refused(std::string_view reason) override {
        const std::lock_guard hold(mutex_);
        ++refusals_[std::string(reason)];
    }

    void answer_later() { answer_at_once_ = false; }
    acknowledgement next_waiting() {
        std::unique_lock hold(mutex_);
        if (!changed_.wait_for(hold, std::chrono::seconds(20), [&] { return !waiting_.empty(); }))
            throw std::runtime_error("no mail came");
        auto taken = std::move(waiting_.back());
        waiting_.pop_back();
        return taken;
    }
    std::vector<message> messages() {
        const std::lock_guard hold(mutex_);
        return messages_;
    }
    std::size_t refusals(const std::string& reason) {
        const std::lock_guard hold(mutex_);
        return refusals_[reason];
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<message> messages_;
    std::vector<acknowledgement> waiting_;
    std::map<std::string, std::size_t> refusals_;
    bool answer_at_once_ = true;
};

const std::string envelope = "LHLO test\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<desk@shop.example>\r\nDATA\r\n";

class Listener : public testing::Test {
protected:
    std::uint16_t start(listener_settings settings = {}) {
        listener_ = std::make_unique<listener>(std::move(settings), receiving_);
        const auto port = listener_->start();
        EXPECT_TRUE(port) << port.error().message;
        return *port;
    }
    /// A session that has just sent DATA.
    static void begin_mail(mail_client& client) {
        EXPECT_TRUE(client.reply().starts_with("220"));
        client.send(envelope);
        for (const char* const code : {"250", "250", "250", "354"}) EXPECT_TRUE(client.reply().starts_with(code));
    }

    std::shared_ptr<collecting> receiving_ = std::make_shared<collecting>();
    std::unique_ptr<listener> listener_;
};

TEST_F(Listener, TakesAMail) {
    mail_client client(start());
    begin_mail(client);
    EXPECT_EQ(client.say("Subject: x\r\n\r\nbody\r\n.\r\n"), "250 2.0.0 taken");
    EXPECT_TRUE(client.say("QUIT\r\n").starts_with("221"));
    EXPECT_EQ(client.reply(), "");
    const auto got = receiving_->messages();
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].peer, "127.0.0.1");
    EXPECT_EQ(got[0].content, "Subject: x\r\n\r\nbody\r\n");
}

TEST_F(Listener, AnswersWhenToldFromAnotherThread) {
    receiving_->answer_later();
    mail_client client(start());
    begin_mail(client);
    client.send("x\r\n.\r\nNOOP\r\n");
    const auto done = receiving_->next_waiting();
    std::thread([&] { done.send(reply{451, "4.3.0 store is busy"}); }).join();
    EXPECT_EQ(client.reply(), "451 4.3.0 store is busy");
    EXPECT_TRUE(client.reply().starts_with("250"));
}

TEST_F(Listener, AsksToTryAgainWhenNobodyAnswers) {
    receiving_->answer_later();
    mail_client dropped(start());
    begin_mail(dropped);
    dropped.send("x\r\n.\r\n");
    { const auto done = receiving_->next_waiting(); }
    EXPECT_TRUE(dropped.reply().starts_with("451"));
    EXPECT_TRUE(dropped.say(envelope.substr(11)).starts_with("250"));
    for (const char* const code : {"250", "354"}) EXPECT_TRUE(dropped.reply().starts_with(code));
    EXPECT_TRUE(dropped.say("throw\r\n.\r\n").starts_with("451"));
}

TEST_F(Listener, TakesALargeMailAndRefusesALargerOne) {
    listener_settings settings;
    settings.max_message_bytes = 1'000'000;
    mail_client client(start(settings));
    begin_mail(client);
    std::string body;
    while (body.size() + 100 <= 1'000'000) body += std::string(98, 'x') + "\r\n";
    EXPECT_EQ(client.say(body + ".\r\n"), "250 2.0.0 taken");
    EXPECT_EQ(receiving_->messages().at(0).content, body);
    client.send(envelope);
    for (const char* const code : {"250", "250", "250", "354"}) EXPECT_TRUE(client.reply().starts_with(code));
    EXPECT_TRUE(client.say(body + "more\r\n.\r\n").starts_with("552"));
    EXPECT_EQ(receiving_->refusals("too_large"), 1U);
}

TEST_F(Listener, CapsSessionsAndMemory) {
    listener_settings settings;
    settings.max_connections = 1;
    settings.max_buffered_bytes = 10'000;
    const auto port = start(settings);
    mail_client first(port);
    begin_mail(first);
    mail_client second(port);
    EXPECT_TRUE(second.reply().starts_with("421"));
    EXPECT_EQ(receiving_->refusals("too_many_connections"), 1U);
    EXPECT_TRUE(first.say(std::string(20'000, 'x')).starts_with("421"));
    EXPECT_EQ(receiving_->refusals("too_much_buffered"), 1U);
}

TEST_F(Listener, EndsWhoeverIsTooSlow) {
    listener_settings settings;
    settings.sweep_every = settings.command_within = settings.data_within = std::chrono::milliseconds{20};
    mail_client client(start(settings));
    EXPECT_TRUE(client.reply().starts_with("220"));
    EXPECT_TRUE(client.reply().starts_with("421"));
    EXPECT_EQ(client.reply(), "");
    EXPECT_EQ(receiving_->refusals("too_slow"), 1U);
}

TEST_F(Listener, AnswersForAReceiverThatTakesTooLong) {
    receiving_->answer_later();
    listener_settings settings;
    settings.sweep_every = settings.answer_within = std::chrono::milliseconds{20};
    mail_client client(start(settings));
    begin_mail(client);
    EXPECT_TRUE(client.say("x\r\n.\r\n").starts_with("451"));
    receiving_->next_waiting().send(reply{250, "2.0.0 too late"});
    EXPECT_TRUE(client.say("NOOP\r\n").starts_with("250 2.0.0 fine"));
}

TEST_F(Listener, DrainsWhenItStops) {
    receiving_->answer_later();
    const auto port = start();
    mail_client idle(port);
    EXPECT_TRUE(idle.reply().starts_with("220"));
    mail_client waiting(port);
    begin_mail(waiting);
    waiting.send("x\r\n.\r\n");
    const auto done = receiving_->next_waiting();
    std::thread stopping([&] { listener_->stop(std::chrono::seconds(20)); });
    EXPECT_TRUE(idle.reply().starts_with("421"));
    done.send(reply{250, "2.0.0 taken"});
    EXPECT_EQ(waiting.reply(), "250 2.0.0 taken");
    EXPECT_TRUE(waiting.reply().starts_with("421"));
    stopping.join();
    done.send(reply{250, "2.0.0 again"});
}

TEST_F(Listener, StopsWithoutThoseWhoDoNotFinish) {
    receiving_->answer_later();
    mail_client client(start());
    begin_mail(client);
    client.send("x\r\n.\r\n");
    const auto done = receiving_->next_waiting();
    listener_->stop(std::chrono::milliseconds{0});
    EXPECT_EQ(client.reply(), "");
    done.send(reply{250, "2.0.0 nobody hears it"});
}

TEST_F(Listener, GivesListenErrorsAsValues) {
    listener_settings settings;
    settings.address = "nowhere";
    EXPECT_EQ(listener(settings, receiving_).start().error().code, errc::invalid);
    settings = {};
    settings.port = start();
    EXPECT_EQ(listener(settings, receiving_).start().error().code, errc::io);
}

TEST_F(Listener, UnderstandsARealClient) {
    if (!std::filesystem::exists("/usr/bin/swaks")) GTEST_SKIP() << "swaks is not installed";
    for (const protocol speaks : {protocol::smtp, protocol::lmtp}) {
        listener_settings settings;
        settings.speaks = speaks;
        const auto port = start(settings);
        const std::string command = std::string("swaks --protocol ") + (speaks == protocol::lmtp ? "LMTP" : "ESMTP") +
                                    " --pipeline --server 127.0.0.1 --port " + std::to_string(port) +
                                    " --from ann@example.org --to desk@shop.example,help@shop.example"
                                    " --h-Subject swaks --body '.leading dot' >/dev/null 2>&1";
        EXPECT_EQ(std::system(command.c_str()), 0);
    }
    const auto got = receiving_->messages();
    ASSERT_EQ(got.size(), 2U);
    for (const auto& each : got) {
        EXPECT_EQ(each.recipients.size(), 2U);
        EXPECT_NE(each.content.find("\r\n.leading dot\r\n"), std::string::npos);
        EXPECT_NE(each.content.find("Subject: swaks\r\n"), std::string::npos);
    }
}

}  // namespace
}  // namespace kindred::mail
