#include "engine/mail/imap_client.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/base/token_file.hpp"

#include <algorithm>
#include <utility>

namespace kindred::mail {
namespace {

constexpr std::uint64_t most_uid = 0xFFFF'FFFF;

}  // namespace

result<std::unique_ptr<imap_client>> imap_client::log_in(const mailbox_settings& settings, const tls::stop_bell& bell) {
    auto stream = tls::client_stream::connect(settings.host, settings.port, settings.answer_within, bell);
    if (!stream) return stream.error();
    if (settings.tls_at_once)
        if (auto done = (*stream)->start_tls(settings.host, settings.ca_file, settings.answer_within); !done)
            return done.error();
    std::unique_ptr<imap_client> made(new imap_client(settings, std::move(*stream)));
    if (auto done = made->greet(); !done) return done.error();
    if (auto done = made->authenticate(); !done) return done.error();
    if (auto done = made->learn_abilities(); !done) return done.error();
    return made;
}

result<imap_response> imap_client::next(std::chrono::milliseconds within) {
    while (true) {
        if (auto whole = reader_.next()) return std::move(*whole);
        const auto bytes = over_->read(within);
        if (!bytes) return bytes.error();
        if (auto taken = reader_.take(*bytes); !taken) return taken.error();
    }
}

result<void> imap_client::send(const std::string& text) { return over_->write(text + "\r\n", settings_.answer_within); }

result<std::vector<imap_response>> imap_client::command(const std::string& text, std::string said_on_request) {
    const auto tag = "k" + std::to_string(++tags_);
    if (auto sent = send(tag + " " + text); !sent) return sent.error();
    std::vector<imap_response> told;
    while (true) {
        auto one = next(settings_.answer_within);
        if (!one) return one.error();
        if (one->tag == "+") {
            // A refused XOAUTH2 ends with an empty line, after the server has said why.
            if (auto sent = send(std::exchange(said_on_request, {})); !sent) return sent.error();
            continue;
        }
        if (one->tag == "*" && one->word() == "BYE") return fail(errc::io, "the server ends the session: " + one->text);
        if (one->tag != tag) {
            told.push_back(std::move(*one));
            continue;
        }
        const auto outcome = one->word();
        if (outcome == "OK") {
            told.push_back(std::move(*one));
            return told;
        }
        return fail(outcome == "NO" ? errc::conflict : errc::invalid, "the server says " + one->text);
    }
}

result<void> imap_client::learn_abilities() {
    const auto told = command("CAPABILITY");
    if (!told) return told.error();
    for (const auto& each : *told) {
        if (each.word() != "CAPABILITY") continue;
        idles_ = each.has("IDLE");
        starts_tls_ = each.has("STARTTLS");
        xoauth2_ = each.has("AUTH=XOAUTH2");
        plain_ = each.has("AUTH=PLAIN");
        login_disabled_ = each.has("LOGINDISABLED");
        response_at_once_ = each.has("SASL-IR");
    }
    return {};
}

result<void> imap_client::greet() {
    const auto greeting = next(settings_.answer_within);
    if (!greeting) return greeting.error();
    if (greeting->word() != "OK") return fail(errc::unavailable, "the server greets with " + greeting->text);
    if (auto learned = learn_abilities(); !learned) return learned;
    if (settings_.tls_at_once || settings_.plain_text) return {};
    if (!starts_tls_) return fail(errc::unauthorized, "the server offers no TLS: nothing secret is said to it");
    if (auto done = command("STARTTLS"); !done) return done.error();
    if (auto done = over_->start_tls(settings_.host, settings_.ca_file, settings_.answer_within); !done) return done;
    // What was said before the connection was secure counts for nothing (RFC 9051 section 11.1).
    reader_ = imap_reader(settings_.max_message_bytes + (1U << 16U));
    return learn_abilities();
}

result<void> imap_client::authenticate_by(std::string_view mechanism, const std::string& response) {
    auto said = "AUTHENTICATE " + std::string(mechanism);
    auto encoded = to_base64(response);
    const auto done = response_at_once_ ? command(said + ' ' + encoded) : command(said, std::move(encoded));
    if (!done) return done.error();
    return {};
}

result<void> imap_client::authenticate() {
    result<void> done;
    if (!settings_.token_file.empty()) {
        if (!xoauth2_) return fail(errc::unauthorized, "the server takes no access tokens: it offers no XOAUTH2");
        const auto token = read_token(settings_.token_file);
        if (!token) return token.error();
        done = authenticate_by("XOAUTH2", "user=" + settings_.user + "\x01" + "auth=Bearer " + *token + "\x01\x01");
    } else if (plain_) {
        done = authenticate_by("PLAIN", std::string(1, '\0') + settings_.user + '\0' + settings_.password);
    } else {
        if (login_disabled_) return fail(errc::unauthorized, "the server takes no passwords: LOGINDISABLED");
        const auto user = imap_quoted(settings_.user);
        const auto password = imap_quoted(settings_.password);
        if (!user || !password) return fail(errc::unauthorized, "user and password must be ASCII");
        if (const auto said = command("LOGIN " + *user + " " + *password); !said) done = said.error();
    }
    if (done) return done;
    const bool refused = done.error().code == errc::conflict || done.error().code == errc::invalid;
    return fail(refused ? errc::unauthorized : done.error().code, done.error().message);
}

result<folder_state> imap_client::open_folder() {
    const auto name = imap_quoted(settings_.folder);
    if (!name) return name.error();
    const auto told = command("EXAMINE " + *name);
    if (!told) return told.error();
    folder_state opened;
    for (const auto& each : *told) {
        if (const auto value = each.number_after("UIDVALIDITY")) opened.uid_validity = *value;
        if (const auto value = each.number_after("UIDNEXT")) opened.uid_next = *value;
    }
    if (opened.uid_validity == 0)
        return fail(errc::invalid, "the folder has no UIDVALIDITY: its mails cannot be told apart");
    return opened;
}

result<std::vector<imap_client::listed>> imap_client::above(std::uint64_t uid) {
    if (uid >= most_uid) return std::vector<listed>{};
    const auto told = command("UID FETCH " + std::to_string(uid + 1) + ":* (UID RFC822.SIZE)");
    if (!told) return told.error();
    std::vector<listed> all;
    for (const auto& each : *told) {
        if (!each.count_of("FETCH")) continue;
        const auto found = each.number_after("UID");
        // "n:*" names the last mail even when its number is below n.
        if (found && *found > uid) all.push_back({*found, each.number_after("RFC822.SIZE").value_or(0)});
    }
    std::sort(all.begin(), all.end(), [](const listed& one, const listed& other) { return one.uid < other.uid; });
    return all;
}

result<std::string> imap_client::fetch(std::uint64_t uid) {
    auto told = command("UID FETCH " + std::to_string(uid) + " (UID BODY.PEEK[])");
    if (!told) return told.error();
    for (auto& each : *told)
        if (each.count_of("FETCH") && each.number_after("UID") == uid && !each.literals.empty())
            return std::move(each.literals.front());
    return std::string{};
}

result<void> imap_client::idle() {
    const auto tag = "k" + std::to_string(++tags_);
    if (auto sent = send(tag + " IDLE"); !sent) return sent;
    const auto until = std::chrono::steady_clock::now() + settings_.idle_for;
    result<void> ended;
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) break;
        const auto one = next(left);
        if (!one && one.error().code == errc::timed_out) break;
        if (!one) return one.error();
        if (one->tag == tag) return fail(errc::conflict, "the server does not IDLE: " + one->text);
        if (one->word() == "BYE") return fail(errc::io, "the server ends the session: " + one->text);
        if (one->count_of("EXISTS")) break;
    }
    if (auto sent = send("DONE"); !sent) return sent;
    while (true) {
        const auto one = next(settings_.answer_within);
        if (!one) return one.error();
        if (one->tag == tag) return {};
    }
}

result<void> imap_client::poke() {
    const auto told = command("NOOP");
    if (!told) return told.error();
    return {};
}

void imap_client::log_out() { (void)send("k" + std::to_string(++tags_) + " LOGOUT"); }

}  // namespace kindred::mail
