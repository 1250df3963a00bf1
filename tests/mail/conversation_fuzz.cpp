#include "engine/mail/conversation.hpp"

#include "engine/tls/server_identity.hpp"
#include "tests/support/certificate.hpp"

#include <cstdint>
#include <cstdlib>
#include <utility>

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

/// Whatever arrives: memory stays bounded, replies are whole lines, and every mail has its recipients.
void converse(kindred::mail::protocol speaks, bool tls, std::string_view bytes, std::size_t piece) {
    using kindred::mail::conversation;
    kindred::mail::listener_settings settings;
    settings.speaks = speaks;
    settings.max_message_bytes = 4096;
    settings.max_recipients = 3;
    static const kindred::test::certificate certificate;
    static const auto identity = *kindred::tls::server_identity::load({certificate.file(), certificate.key_file()});
    if (tls) settings.identity = identity;
    bool in_the_open = true;
    conversation talk(settings);
    while (!bytes.empty()) {
        talk.take(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        for (auto wish = talk.advance(); wish != conversation::want::bytes; wish = talk.advance()) {
            if (wish == conversation::want::end) return;
            if (wish == conversation::want::tls) {
                require(std::exchange(in_the_open, false));
                talk.secured();
            } else if (wish == conversation::want::recipient_verdict) {
                talk.judge_recipient(std::nullopt);
            } else {
                const auto got = talk.take_message();
                require(!got.recipients.empty() && got.recipients.size() <= 3 && got.content.size() <= 4096);
                talk.judge_delivery({got.recipients.size(), {250, "2.0.0 taken"}});
            }
        }
        require(talk.buffered() <= 4096);
        const auto said = talk.take_output();
        require(said.empty() || said.ends_with("\r\n"));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto speaks = data[0] % 2 == 0 ? kindred::mail::protocol::smtp : kindred::mail::protocol::lmtp;
    for (const bool tls : {false, true}) converse(speaks, tls, bytes, data[0] / 2 + 1);
    return 0;
}
