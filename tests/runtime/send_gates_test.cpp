#include "engine/runtime/sending/send_gates.hpp"

#include "tests/runtime/support/manual_clock.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

using namespace std::chrono_literals;

constexpr time_point now = test_start;
const std::string host = "api.example.com:443";

void fail_often(send_gates& gates, unsigned times) {
    for (unsigned i = 0; i < times; ++i) {
        ASSERT_EQ(gates.ask(host, now), std::nullopt);
        (void)gates.note(host, false, now);
    }
}

TEST(SendGates, AChannelWaitsForItsRateAndForWhatTheProviderAskedFor) {
    send_gates gates;
    const std::optional<rate> two = rate{2, 2s};
    EXPECT_EQ(gates.next("a", two, now), now);
    gates.take("a", two, now);
    gates.take("a", two, now);
    EXPECT_EQ(gates.next("a", two, now), now + 1s);
    EXPECT_EQ(gates.next("b", two, now), now);
    gates.pause("a", now + 30s);
    gates.pause("a", now + 10s);
    EXPECT_EQ(gates.next("a", two, now), now + 30s);
    EXPECT_EQ(gates.paused_until("a", now), now + 30s);
    EXPECT_EQ(gates.paused_until("a", now + 30s), std::nullopt);
    EXPECT_EQ(gates.next("a", two, now + 30s), now + 30s);
}

TEST(SendGates, FiveFailuresInARowOpenACircuitAndOneProbeIsLetThrough) {
    send_gates gates;
    fail_often(gates, 4);
    EXPECT_EQ(gates.note(host, true, now), std::nullopt);
    fail_often(gates, 4);
    EXPECT_EQ(gates.ask(host, now), std::nullopt);
    EXPECT_EQ(gates.note(host, false, now), circuit_state::open);
    EXPECT_EQ(gates.ask(host, now), now + 15s);
    EXPECT_EQ(gates.ask("other:443", now), std::nullopt);
    ASSERT_EQ(gates.circuits().size(), 1U);
    EXPECT_EQ(gates.circuits()[0].state, circuit_state::open);
    // Half open: one goes, the others wait.
    EXPECT_EQ(gates.ask(host, now + 15s), std::nullopt);
    EXPECT_EQ(gates.circuits()[0].state, circuit_state::half_open);
    EXPECT_EQ(gates.ask(host, now + 15s), now + 30s);
    EXPECT_EQ(gates.note(host, true, now + 16s), circuit_state::closed);
    EXPECT_TRUE(gates.circuits().empty());
    EXPECT_EQ(gates.ask(host, now + 16s), std::nullopt);
}

TEST(SendGates, AProbeThatFailsDoublesThePauseUpToTenMinutes) {
    send_gates gates;
    fail_often(gates, 5);
    auto at = now;
    for (const duration pause : {15s, 30s, 60s, 120s, 240s, 480s, 600s, 600s}) {
        const auto again = gates.ask(host, at);
        ASSERT_EQ(again, at + pause);
        // What was on its way when the circuit opened says nothing new.
        EXPECT_EQ(gates.note(host, false, at), std::nullopt);
        at = *again;
        ASSERT_EQ(gates.ask(host, at), std::nullopt);
        EXPECT_EQ(gates.note(host, false, at), circuit_state::open);
    }
}

TEST(SendGates, AProbeThatNeverComesBackGivesItsTurnToAnother) {
    send_gates gates;
    fail_often(gates, 5);
    EXPECT_EQ(gates.ask(host, now + 15s), std::nullopt);
    EXPECT_EQ(gates.ask(host, now + 20s), now + 30s);
    EXPECT_EQ(gates.ask(host, now + 30s), std::nullopt);
}

TEST(HostAndPort, OfWhatIsCalled) {
    EXPECT_EQ(host_and_port("https://API.example.com/v1/x?y=z"), "api.example.com:443");
    EXPECT_EQ(host_and_port("http://127.0.0.1:8080/x"), "127.0.0.1:8080");
    EXPECT_EQ(host_and_port("https://[::1]/x"), "[::1]:443");
    EXPECT_EQ(host_and_port("https://[::1]:8443/x"), "[::1]:8443");
    EXPECT_EQ(host_and_port("https://u:p@h/x"), "h:443");
    EXPECT_EQ(host_and_port("smtps://mail.example.com"), "mail.example.com:465");
    EXPECT_EQ(host_and_port("smtp://mail.example.com:2525"), "mail.example.com:2525");
    EXPECT_EQ(host_and_port("nonsense"), "");
}

}  // namespace
}  // namespace kindred::runtime
