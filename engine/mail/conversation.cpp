#include "engine/mail/conversation.hpp"

#include "engine/base/text.hpp"
#include "engine/mail/command.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace kindred::mail {
namespace {

constexpr std::size_t most_line_bytes = 2048;  // RFC 5321 asks for 512, its extensions for more

/// SMTP has one reply for all recipients: a lasting refusal beats a passing one, which beats success.
reply worst_of(const std::vector<reply>& replies) {
    const auto rank = [](const reply& each) { return each.accepted() ? 0U : each.code; };
    return *std::ranges::max_element(replies, {}, rank);
}

/// What a receiver may answer; anything else is its mistake, and the sender had better try again.
reply sound(const reply& given) {
    const bool is_verdict = given.accepted() || (given.code >= 400 && given.code < 600);
    return is_verdict ? given : reply{451, "4.3.0 not delivered, try again"};
}

}  // namespace

conversation::conversation(const listener_settings& settings) : settings_(settings) {
    say(220, settings.hostname + (settings.speaks == protocol::lmtp ? " LMTP" : " ESMTP"));
}

conversation::want conversation::advance() {
    while (wants_ == want::bytes) {
        if (data_) {
            if (!read_data()) break;
            continue;
        }
        std::string_view line;
        if (!read_line(line)) break;
        wants_ = perform(line);
        if (bad_commands_ > settings_.max_bad_commands && wants_ != want::end) {
            refusal_ = "bad_commands";
            end_with({421, "4.7.0 too many errors"});
        }
    }
    input_.erase(0, std::exchange(used_, 0));
    return wants_;
}

bool conversation::read_line(std::string_view& line) {
    const auto waiting = std::string_view(input_).substr(used_);
    const auto end = waiting.find("\r\n");
    if (end == std::string_view::npos) {
        if (waiting.size() > most_line_bytes) skip_long_line();
        return false;
    }
    used_ += end + 2;
    if (std::exchange(skipping_line_, false) || end > most_line_bytes) {
        bad(500, "5.5.6 line too long");
        return read_line(line);
    }
    line = waiting.substr(0, end);
    return true;
}

// Its end is still to come; all but a CR that may belong to it goes.
void conversation::skip_long_line() {
    skipping_line_ = true;
    used_ = input_.size() - (input_.ends_with('\r') ? 1 : 0);
}

bool conversation::read_data() {
    used_ += data_->take(std::string_view(input_).substr(used_));
    if (!data_->is_done()) return false;
    if (!data_->is_too_large()) {
        wants_ = want::delivery_verdict;
        return true;
    }
    refusal_ = "too_large";
    judge_delivery(std::vector<reply>(recipients_.size(), {552, "5.3.4 message too large"}));
    return true;
}

conversation::want conversation::perform(std::string_view line) {
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
        bad(500, "5.5.2 only CR LF ends a line");
        return want::bytes;
    }
    const auto [verb, argument] = split_command(line);
    if (verb == "EHLO" || verb == "HELO" || verb == "LHLO") {
        greet(verb, argument);
    } else if (verb == "MAIL") {
        begin_mail(argument);
    } else if (verb == "RCPT") {
        return begin_recipient(argument);
    } else if (verb == "DATA") {
        begin_data();
    } else if (verb == "STARTTLS") {
        return begin_tls(argument);
    } else if (verb == "RSET") {
        forget_mail();
        say(250, "2.0.0 forgotten");
    } else if (verb == "NOOP") {
        say(250, "2.0.0 fine");
    } else if (verb == "VRFY") {
        say(252, "2.5.2 try and see");
    } else if (verb == "HELP") {
        say(214, "2.0.0 RFC 5321, RFC 2033");
    } else if (verb == "QUIT") {
        end_with({221, "2.0.0 bye"});
        return want::end;
    } else {
        bad(500, "5.5.1 no such command");
    }
    return want::bytes;
}

void conversation::greet(const std::string& verb, std::string_view name) {
    const bool speaks_lmtp = settings_.speaks == protocol::lmtp;
    if (speaks_lmtp != (verb == "LHLO"))
        return bad(500, speaks_lmtp ? "5.5.1 this is LMTP: LHLO" : "5.5.1 this is SMTP: EHLO");
    if (name.empty() || name.size() > 255 || name.find(' ') != std::string_view::npos)
        return bad(501, "5.5.4 your name, please");
    forget_mail();
    hello_ = to_utf8(name);
    if (verb == "HELO") return say(250, settings_.hostname);
    output_ += "250-" + settings_.hostname + "\r\n250-PIPELINING\r\n250-SIZE " +
               std::to_string(settings_.max_message_bytes) + "\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n" +
               (offers_tls() ? "250-STARTTLS\r\n" : "") + "250 ENHANCEDSTATUSCODES\r\n";
}

conversation::want conversation::begin_tls(std::string_view argument) {
    if (settings_.identity == nullptr) {
        bad(500, "5.5.1 no such command");
    } else if (secure_) {
        bad(503, "5.5.1 this is TLS");
    } else if (!argument.empty()) {
        bad(501, "5.5.4 STARTTLS stands alone");
    } else {
        say(220, "2.0.0 ready for TLS");
        return want::tls;
    }
    return want::bytes;
}

void conversation::secured() {
    secure_ = true;
    wants_ = want::bytes;
    input_.clear();
    used_ = 0;
    hello_.clear();
    forget_mail();
}

void conversation::begin_mail(std::string_view argument) {
    if (hello_.empty()) return bad(503, "5.5.1 greet first");
    if (settings_.tls_required && !secure_) return bad(530, "5.7.0 STARTTLS first");
    if (from_) return bad(503, "5.5.1 one mail after the other");
    auto parsed = parse_mail(argument);
    if (const auto* const refused = std::get_if<reply>(&parsed)) return bad(refused->code, refused->text);
    auto& mail = std::get<mail_command>(parsed);
    if (mail.size.value_or(0) > settings_.max_message_bytes) {
        refusal_ = "too_large";
        return say(552, "5.3.4 message too large");
    }
    from_ = std::move(mail.from);
    utf8_ = mail.utf8;
    say(250, "2.1.0 sender fine");
}

conversation::want conversation::begin_recipient(std::string_view argument) {
    if (!from_) {
        bad(503, "5.5.1 MAIL first");
        return want::bytes;
    }
    auto parsed = parse_recipient(argument, utf8_);
    if (const auto* const refused = std::get_if<reply>(&parsed)) {
        bad(refused->code, refused->text);
        return want::bytes;
    }
    if (recipients_.size() >= settings_.max_recipients) {
        refusal_ = "too_many_recipients";
        say(452, "4.5.3 too many recipients");
        return want::bytes;
    }
    recipient_ = std::move(std::get<std::string>(parsed));
    return want::recipient_verdict;
}

void conversation::judge_recipient(const std::optional<reply>& refused) {
    wants_ = want::bytes;
    if (refused) {
        const reply verdict = sound(*refused);
        return say(verdict.code, verdict.text);
    }
    recipients_.push_back(std::move(recipient_));
    say(250, "2.1.5 recipient fine");
}

void conversation::begin_data() {
    if (!from_) return bad(503, "5.5.1 MAIL first");
    if (recipients_.empty()) return bad(503, "5.5.1 no valid recipients");
    data_.emplace(settings_.max_message_bytes);
    say(354, "go on; end with a dot on its own line");
}

message conversation::take_message() {
    message arrived;
    arrived.from = *from_;
    arrived.recipients = recipients_;
    arrived.content = data_->take_content();
    arrived.hello = hello_;
    return arrived;
}

void conversation::judge_delivery(const std::vector<reply>& by_recipient) {
    wants_ = want::bytes;
    std::vector<reply> verdicts = by_recipient;
    // A receiver that lost count has not taken the mail for those it forgot.
    verdicts.resize(recipients_.size(), {451, "4.3.0 not delivered, try again"});
    std::ranges::transform(verdicts, verdicts.begin(), sound);
    if (settings_.speaks == protocol::lmtp) {
        for (const auto& each : verdicts) say(each.code, each.text);
    } else {
        const auto verdict = worst_of(verdicts);
        say(verdict.code, verdict.text);
    }
    forget_mail();
}

void conversation::end_with(const reply& last) {
    say(last.code, last.text);
    wants_ = want::end;
}

void conversation::bad(unsigned code, std::string_view text) {
    ++bad_commands_;
    say(code, text);
}

void conversation::say(unsigned code, std::string_view text) {
    output_ += std::to_string(code) + " ";
    // A receiver's text may quote what somebody sent: it stays on its line.
    for (const char letter : text.substr(0, 400)) output_ += static_cast<unsigned char>(letter) < ' ' ? ' ' : letter;
    output_ += "\r\n";
}

void conversation::forget_mail() {
    from_.reset();
    utf8_ = false;
    recipients_.clear();
    data_.reset();
}

}  // namespace kindred::mail
