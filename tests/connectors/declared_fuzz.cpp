#include "connectors/declared/connector.hpp"
#include "tests/connectors/support/declared_channel.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>

namespace {

/// Everything that a mapping can do, at once.
constexpr std::string_view whole = R"({
  "proof": {"scheme": "none"},
  "handshake": {"when": {"path": "/type", "is": "verify"}, "challenge": "/challenge", "answer": "{\"c\":\"{challenge}\"}"},
  "each": "/entry/*/events/*",
  "ignore": [{"path": "/bot", "is": "true"}, {"path": "/text", "exists": "no", "because": "no_text"}],
  "echo": {"path": "/outgoing", "is": "true"},
  "contact": {
    "kind": {"path": "/type", "map": {"new": "message", "edit": "edit", "del": "delete", "react": "reaction", "state": "status"}, "or": "message"},
    "message_id": ["/id", "/message_id"], "from": "/from", "name": {"join": ["/first", "/last"]}, "to": "$/account",
    "text": {"path": "/text", "html": "yes"}, "thread": {"path": "/thread", "after_last": "/"}, "reply_to": "/reply_to",
    "at": {"path": "/at", "form": "unix_us"}, "status": "/status", "emoji": "/emoji", "language": "/lang",
    "attachments": {"each": "/files", "url": "/url", "size": "/size", "name": "/name"},
    "identities": [{"email": "/email", "proven": "yes"}, {"phone": "/phone"}, {"id": "/from"}, {"external": "/external"}],
    "attributes": {"plan": "/plan", "score": "/score"}, "details": {"raw": "/raw"}
  }
})";

}  // namespace

/// Settings and body, with a line that is "---" between them; without one the body alone, for settings that use all.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view given(reinterpret_cast<const char*>(bytes), size);
    const auto between = given.find("\n---\n");
    const bool both = between != std::string_view::npos;
    static const auto usual = kindred::testing::declared_by(whole);
    const auto own =
        both ? kindred::testing::declared_by(given.substr(0, between)) : kindred::testing::declared_channel{};
    const auto* works = both ? own.works.get() : usual.works.get();
    if (works == nullptr || (both && !own.problems.empty())) return 0;
    const std::vector<kindred::channel::header> headers{{"Content-Type", "application/json"}, {"X-Event", "7"}};
    kindred::channel::request arrived;
    arrived.method = "POST";
    arrived.query = "token=1";
    arrived.headers = &headers;
    arrived.body = both ? given.substr(between + 5) : given;
    const auto received = works->receive(arrived, kindred::from_millis(1'790'000'000'000));
    for (const auto& each : received.records) kindred::testing::must_be_whole(each);
    kindred::channel::outgoing message;
    message.text = arrived.body.substr(0, 200);
    message.thread = arrived.body.substr(0, 20);
    message.from = "1";
    if (const auto call = works->deliver(message)) (void)works->judge({200, {}, std::string(arrived.body)});
    return 0;
}
