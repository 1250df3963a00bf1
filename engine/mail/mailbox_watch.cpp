#include "engine/mail/mailbox_watch.hpp"

#include "engine/base/id.hpp"

#include <algorithm>

namespace kindred::mail {

std::string mailbox_cursor::to_text() const { return std::to_string(uid_validity) + ":" + std::to_string(uid); }

std::optional<mailbox_cursor> mailbox_cursor::from_text(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto validity = parse_number(text.substr(0, colon));
    const auto uid = parse_number(text.substr(colon + 1));
    if (!validity || !uid || *validity == 0) return std::nullopt;
    return mailbox_cursor{*validity, *uid};
}

mailbox_watch::mailbox_watch(mailbox_settings settings, std::shared_ptr<mailbox_owner> owner)
    : settings_(std::move(settings)), owner_(std::move(owner)), pause_(settings_.least_pause) {}

mailbox_watch::~mailbox_watch() { stop(); }

void mailbox_watch::start() {
    thread_ = std::thread([this] { run(); });
}

void mailbox_watch::stop() {
    bell_.ring();
    if (thread_.joinable()) thread_.join();
}

void mailbox_watch::run() {
    while (!bell_.has_rung()) {
        const auto ended = session();
        if (bell_.has_rung()) return;
        if (!ended) owner_->failed(ended.error());
        if (bell_.wait_for(pause_)) return;
        pause_ = std::min(pause_ * 2, settings_.most_pause);
    }
}

result<void> mailbox_watch::session() {
    auto over = imap_client::log_in(settings_, bell_);
    if (!over) return over.error();
    const auto opened = (*over)->open_folder();
    if (!opened) return opened.error();
    auto reached = owner_->cursor().value_or(mailbox_cursor{});
    if (reached.uid_validity == 0 && opened->uid_next > 0) {
        reached = {opened->uid_validity, opened->uid_next - 1};
        if (!owner_->keep(reached)) return fail(errc::overloaded, "the place in the folder cannot be kept now");
    }
    if (reached.uid_validity != opened->uid_validity) reached = {opened->uid_validity, 0};
    while (!bell_.has_rung()) {
        if (auto done = read_new(**over, reached); !done) return done;
        pause_ = settings_.least_pause;  // it works
        if ((*over)->can_idle()) {
            if (auto done = (*over)->idle(); !done) return done;
            continue;
        }
        if (bell_.wait_for(settings_.poll_every)) break;
        if (auto done = (*over)->poke(); !done) return done;
    }
    (*over)->log_out();
    return {};
}

result<void> mailbox_watch::read_new(imap_client& over, mailbox_cursor& reached) {
    const auto mails = over.above(reached.uid);
    if (!mails) return mails.error();
    for (const auto& mail : *mails) {
        if (bell_.has_rung()) return {};
        if (auto done = read_one(over, mail); !done) return done;
        reached.uid = mail.uid;
        // Each on its own: a mail that ends the process must not make it end for ever.
        if (!owner_->keep(reached)) return fail(errc::overloaded, "the place in the folder cannot be kept now");
    }
    return {};
}

result<void> mailbox_watch::read_one(imap_client& over, const imap_client::listed& mail) {
    if (mail.size > settings_.max_message_bytes) {
        owner_->too_large(mail.size);
        return {};
    }
    auto content = over.fetch(mail.uid);
    if (!content) return content.error();
    if (content->empty()) return {};  // taken away meanwhile
    if (owner_->take(std::move(*content)) == mailbox_owner::taken::done) return {};
    return fail(errc::overloaded, "a mail cannot be taken now");
}

}  // namespace kindred::mail
