#include "engine/runtime/desks/chat_hub.hpp"

#include "tests/runtime/support/sockets.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace kindred::runtime {
namespace {

http::shared_text frame(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

TEST(ChatHub, AChatThatIsBeingOpenedMissesNothingThatCameMeanwhile) {
    chat_hub chats;
    auto coming = chats.expect("chat", "v1");
    EXPECT_FALSE(chats.push("chat", "v1", frame("a question"))) << "it may never open";
    EXPECT_FALSE(chats.push("chat", "v2", frame("for another")));
    const auto chat = std::make_shared<listening_socket>();
    chats.enter("chat", "v1", chat, coming);
    EXPECT_TRUE(chats.push("chat", "v1", frame("and another")));
    coming.reset();
    EXPECT_TRUE(chats.push("chat", "v1", frame("the last")));
    EXPECT_EQ(chat->heard(), (std::vector<std::string>{"a question", "and another", "the last"}));
}

TEST(ChatHub, WhatCameForOneThatNeverOpenedIsForgotten) {
    chat_hub chats;
    (void)chats.push("chat", "v1", frame("before"));
    {
        const auto coming = chats.expect("chat", "v1");
        (void)chats.push("chat", "v1", frame("meanwhile"));
    }
    const auto chat = std::make_shared<listening_socket>();
    chats.enter("chat", "v1", chat, chats.expect("chat", "v1"));
    EXPECT_TRUE(chat->heard().empty());
}

TEST(ChatHub, AnExpectedChatHoldsNoEndOfFrames) {
    chat_hub chats;
    const auto coming = chats.expect("chat", "v1");
    for (int i = 0; i < 1000; ++i) (void)chats.push("chat", "v1", frame(std::to_string(i)));
    const auto chat = std::make_shared<listening_socket>();
    chats.enter("chat", "v1", chat, coming);
    EXPECT_EQ(chat->heard().size(), 64U);
}

}  // namespace
}  // namespace kindred::runtime
