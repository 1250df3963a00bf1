#pragma once
#include "engine/mail/data_reader.hpp"
#include "engine/mail/listener.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::mail {

/// One SMTP or LMTP session as a state machine without I/O: bytes in, replies and wishes out.
///
///     take(bytes), then do what advance() wants until it wants bytes; send take_output() before waiting for anything.
///
/// Commands may be pipelined (RFC 2920): bytes behind a wish are kept until it is fulfilled.
class conversation {
public:
    enum class want { bytes = 1, recipient_verdict, delivery_verdict, tls, end };

    /// Begins with the greeting in the output.
    explicit conversation(const listener_settings& settings);

    void take(std::string_view bytes) { input_.append(bytes); }
    want advance();
    std::string take_output() { return std::move(output_); }

    /// With `recipient_verdict`: the address in question, and the answer.
    const std::string& recipient() const { return recipient_; }
    void judge_recipient(const std::optional<reply>& refused);

    /// With `delivery_verdict`: the mail (its peer left empty), and one reply for each of its recipients.
    message take_message();
    void judge_delivery(const std::vector<reply>& by_recipient);

    /// With `tls`, once the output was sent and the handshake is done: everything said before is forgotten, bytes that
    /// came in the open behind STARTTLS among it (RFC 3207 section 4.2).
    void secured();

    /// Ends the session with a reply of its own: 421 and the like.
    void end_with(const reply& last);

    bool is_in_data() const { return data_.has_value(); }
    /// Bytes of the mail that is being received.
    std::size_t buffered() const { return data_ ? data_->size() : 0; }
    /// Why something of this session was refused by limit, once: "too_large", "too_many_recipients", "bad_commands".
    std::string_view take_refusal() { return std::exchange(refusal_, std::string_view{}); }

private:
    bool read_line(std::string_view& line);
    void skip_long_line();
    bool read_data();
    want perform(std::string_view line);
    void greet(const std::string& verb, std::string_view name);
    void begin_mail(std::string_view argument);
    want begin_recipient(std::string_view argument);
    void begin_data();
    want begin_tls(std::string_view argument);
    bool offers_tls() const { return settings_.identity != nullptr && !secure_; }
    void bad(unsigned code, std::string_view text);
    void say(unsigned code, std::string_view text);
    void forget_mail();

    const listener_settings& settings_;
    std::string input_;
    std::size_t used_ = 0;
    std::string output_;
    std::string hello_;
    std::optional<std::string> from_;
    bool utf8_ = false;
    bool secure_ = false;
    std::vector<std::string> recipients_;
    std::string recipient_;
    std::optional<data_reader> data_;
    want wants_ = want::bytes;
    std::size_t bad_commands_ = 0;
    bool skipping_line_ = false;
    std::string_view refusal_;
};

}  // namespace kindred::mail
