#include "engine/app/password_input.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <initializer_list>
#include <sstream>
#include <thread>

namespace kindred::app {
namespace {

result<std::string> from_pipe(const std::string& bytes) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    if (::write(ends[1], bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error("the pipe is too small");
    ::close(ends[1]);
    std::ostringstream prompts;
    auto read = read_new_password(ends[0], prompts);
    ::close(ends[0]);
    EXPECT_EQ(prompts.str(), "") << "nobody is there to read it";
    return read;
}

TEST(password_input, is_the_first_line_of_what_is_piped_in) {
    for (const auto* given : {"correct horse\n", "correct horse\r\n", "correct horse", "correct horse\nand more\n"})
        EXPECT_EQ(from_pipe(given).value(), "correct horse") << given;
    EXPECT_EQ(from_pipe("  spaces stay  \n").value(), "  spaces stay  ");
    EXPECT_EQ(from_pipe(std::string(1'024, 'x') + "\n").value().size(), 1'024U);
}

TEST(password_input, refuses_what_can_be_no_password) {
    for (const auto& [given, says] : std::initializer_list<std::pair<std::string, const char*>>{
             {"", "no password"},
             {"\n", "no password"},
             {std::string(1'025, 'x'), "longer than"},
             {std::string(9'000, 'x') + "\n", "longer than"},
             {"caf\xe9 au lait\n", "UTF-8"},
         }) {
        const auto read = from_pipe(given);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code, errc::invalid);
        EXPECT_NE(read.error().message.find(says), std::string::npos) << read.error().message;
    }
}

/// Somebody at a terminal.
class at_a_terminal : public testing::Test {
protected:
    at_a_terminal() : keyboard_(::posix_openpt(O_RDWR | O_NOCTTY)) {
        if (::grantpt(keyboard_) != 0 || ::unlockpt(keyboard_) != 0) throw std::runtime_error("no terminal");
        terminal_ = ::open(::ptsname(keyboard_), O_RDWR | O_NOCTTY);
    }
    ~at_a_terminal() override {
        ::close(terminal_);
        ::close(keyboard_);
    }
    bool shows_typing() const {
        termios now{};
        ::tcgetattr(terminal_, &now);
        return (now.c_lflag & ECHO) != 0;
    }
    /// What is read when somebody types this as soon as nothing that is typed shows.
    result<std::string> typing(const std::string& lines) {
        auto read = std::async(std::launch::async, [this] { return read_new_password(terminal_, prompts_); });
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
        while (shows_typing() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
        EXPECT_FALSE(shows_typing());
        EXPECT_EQ(::write(keyboard_, lines.data(), lines.size()), static_cast<ssize_t>(lines.size()));
        return read.get();
    }
    int keyboard_;
    int terminal_ = -1;
    std::ostringstream prompts_;
};

TEST_F(at_a_terminal, the_password_is_typed_twice_and_never_shown) {
    EXPECT_EQ(typing("correct horse\ncorrect horse\n").value(), "correct horse");
    EXPECT_EQ(prompts_.str(), "New password: \nOnce more: \n");
    EXPECT_TRUE(shows_typing()) << "as before";
}

TEST_F(at_a_terminal, two_different_ones_are_refused) {
    EXPECT_EQ(typing("correct horse\ncorrect house\n").error().code, errc::invalid);
    EXPECT_TRUE(shows_typing());
}

}  // namespace
}  // namespace kindred::app
