#include <csignal>

namespace {

/// OpenSSL writes to a socket as to a file: a peer that has left would end this program, which `kindred serve` prevents
/// likewise (engine/app/signals.cpp).
[[maybe_unused]] const auto ignored = std::signal(SIGPIPE, SIG_IGN);

}  // namespace
