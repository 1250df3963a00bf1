#include "engine/app/password_input.hpp"

#include "engine/api/password.hpp"
#include "engine/base/text.hpp"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <ostream>

namespace kindred::app {
namespace {

volatile std::sig_atomic_t came = 0;

void note(int signal) { came = signal; }

/// While it lives, a terminal does not show what is typed, and signals interrupt reading.
class hidden_typing {
public:
    explicit hidden_typing(int terminal) : terminal_(terminal) {
        came = 0;
        struct sigaction noting {};
        noting.sa_handler = note;
        for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &noting, &before_[i]);
        if (::tcgetattr(terminal_, &shown_) != 0) return;
        changed_ = true;
        auto hidden = shown_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(terminal_, TCSAFLUSH, &hidden);
    }
    ~hidden_typing() {
        if (changed_) ::tcsetattr(terminal_, TCSANOW, &shown_);
        for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
        if (came != 0) std::raise(came);
    }
    hidden_typing(const hidden_typing&) = delete;
    hidden_typing& operator=(const hidden_typing&) = delete;

private:
    static constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    int terminal_;
    bool changed_ = false;
    termios shown_{};
    std::array<struct sigaction, signals.size()> before_{};
};

/// Without its end; nothing when there is none, or a signal came.
std::optional<std::string> read_line(int from) {
    std::string line;
    bool any = false;
    char letter = 0;
    while (line.size() <= api::longest_password + 1) {
        const auto got = ::read(from, &letter, 1);
        if (got < 0 && errno == EINTR && came == 0) continue;
        if (got <= 0) break;
        any = true;
        if (letter == '\n') break;
        line += letter;
    }
    if (!any || came != 0) return std::nullopt;
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

std::optional<std::string> ask(int terminal, std::string_view prompt, std::ostream& prompts) {
    prompts << prompt << std::flush;
    auto typed = read_line(terminal);
    prompts << '\n' << std::flush;
    return typed;
}

}  // namespace

result<std::string> read_new_password(int from, std::ostream& prompts) {
    const bool terminal = ::isatty(from) == 1;
    std::optional<hidden_typing> hidden;
    if (terminal) hidden.emplace(from);
    auto password = terminal ? ask(from, "New password: ", prompts) : read_line(from);
    if (!password || password->empty()) return fail(errc::invalid, "there is no password on standard input");
    if (password->size() > api::longest_password) return fail(errc::invalid, "the password is longer than 1024 bytes");
    if (!is_utf8(*password)) return fail(errc::invalid, "the password is not UTF-8");
    if (terminal && ask(from, "Once more: ", prompts) != password)
        return fail(errc::invalid, "the two passwords are not the same");
    return std::move(*password);
}

}  // namespace kindred::app
