#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"
#include "engine/channel/inquiry.hpp"
#include "engine/channel/introduction.hpp"
#include "engine/channel/record.hpp"
#include "engine/domain/channel_kind.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a connector is, as values: bytes to records, message to provider call. No I/O happens here; the runtime does
/// it.
namespace kindred::channel {

using header = std::pair<std::string, std::string>;

/// An HTTP request as it arrived, or a mail. Views live as long as the call.
struct request {
    std::string_view method;
    std::string_view url;      ///< as the provider called it: public base + path + query (signatures cover it)
    std::string_view subpath;  ///< below /webhooks/{channel}: "" or "/inbound"
    std::string_view query;    ///< raw, without '?'
    const std::vector<header>* headers = nullptr;
    std::string_view body;
    // A mail listener fills these instead.
    std::string_view envelope_from;
    std::vector<std::string> envelope_to;
    // What the engine itself has already proven about the caller; never taken from the request.
    std::string_view session;    ///< web chat: the visitor behind the socket
    bool authenticated = false;  ///< POST /api/v1/contacts: an API token was checked
    /// What was asked elsewhere about it (reception::asks); null when nothing was.
    const inquiry_answers* answers = nullptr;
    /// What the clock shows when the request is looked at once more, later than the `now` that it is judged by; none:
    /// the same.
    std::optional<time_point> looked_at{};

    /// The answer of that key, null when there is none yet.
    const inquiry_answer* answer_to(std::string_view key) const;
    /// The only value of a header, ignoring case. Nothing when it is missing, empty, or occurs more than once:
    /// a doubled signature header proves nothing.
    std::optional<std::string_view> single_header(std::string_view name) const;
    /// The decoded value of a query parameter.
    std::optional<std::string> query_parameter(std::string_view name) const;
};

/// What to send back over HTTP.
struct answer {
    unsigned status = 200;
    std::string body;
    std::string content_type = "text/plain; charset=utf-8";
    std::vector<header> headers;
};

/// When the provider may be answered.
enum class answer_after {
    nothing = 1,  ///< handshakes, refusals, questions: nothing is stored
    ingest,       ///< once the records are durable
    decision,     ///< once they are routed: the answer says where (calls)
};

/// What a connector made of one request.
struct reception {
    answer reply;
    answer_after when = answer_after::ingest;
    std::vector<record> records;
    /// Not empty: nothing of it may be stored; a reason from a small fixed set, for the log and a metric label
    /// ("missing_signature", "wrong_signature", "malformed", "stale", "wrong_account", "not_configured", ...).
    std::string refused;
    /// Not empty: this is all that can be said without the answers to these. With them, receive() is called again for
    /// the same request; only what it says then is taken in.
    std::vector<inquiry> asks{};
    /// The request is proven genuine: it may be kept and acknowledged before `asks` are answered, and is then taken in
    /// when they are, however often they have to be asked. Else the provider waits, and comes again where there is no
    /// answer.
    bool asks_may_wait = false;

    static reception refuse(unsigned status, std::string reason, std::string body = {}) {
        reception made;
        made.reply.status = status;
        made.reply.body = std::move(body);
        made.when = answer_after::nothing;
        made.refused = std::move(reason);
        return made;
    }
};

/// What the engine knows about a call's ticket when the provider asks what to do next.
struct situation {
    std::string ticket;  ///< number as text; empty when there is none
    std::string queue;
    std::size_t position = 0;  ///< 1 = next; 0 = not waiting
    std::optional<duration> estimated_wait;
    std::string language;  ///< of the caller, or the site's default
    bool queue_open = true;
    std::string notice;     ///< what a supervisor wants customers of the queue to be told now; empty: nothing
    bool callback = false;  ///< the caller is called back: there is nothing to wait for on the line
};

/// A message that the provider approved beforehand, for when a free text is not allowed (WhatsApp).
struct message_template {
    std::string name;
    std::string language;                 ///< as the provider writes it: "en_US"; empty: the connector's default
    std::vector<std::string> parameters;  ///< fill the places of its body, in order

    bool operator==(const message_template&) const = default;
};

/// A file that goes with a message.
struct outgoing_file {
    std::string id;  ///< of the stored attachment
    std::string name;
    std::string type;        ///< media type
    std::string content;     ///< the bytes; filled just before the call is made
    std::string url;         ///< where the provider may fetch it for a while, for those that take no bytes
    std::int64_t size = -1;  ///< in bytes; -1: not known yet
};

/// Files of one type that a provider takes.
struct file_limit {
    std::string_view type;        ///< "image/jpeg", "image/*" or "*"
    std::int64_t most_bytes = 0;  ///< of one file; 0: the provider says none
};

/// How a provider counts the length of a text.
enum class text_unit { code_points = 1, utf16, bytes };

/// The longest text that goes in one message.
struct text_limit {
    std::size_t most = 0;  ///< 0: the provider says none
    text_unit counted_in = text_unit::code_points;
};

/// What a channel can carry, for what is decided before a message is written to the outbox.
struct abilities {
    text_limit longest_text;
    std::optional<duration> free_text_for;    ///< what people write, after the customer's last message; none: always
    bool templates = false;                   ///< takes outgoing::use_template
    bool files = false;                       ///< takes outgoing::files
    bool files_travel_alone = true;           ///< one file a message, without a text
    bool files_by_link = false;               ///< the provider fetches them from us: wants a public address
    std::span<const file_limit> file_limits;  ///< the first that fits a file counts, and one must; empty: takes all
    std::int64_t most_file_bytes = 0;         ///< of all files of one message together; 0: the provider says none
};

/// An agent's or automatic message on its way to the customer. Views nothing: it comes from the outbox.
struct outgoing {
    std::string idempotency_key;  ///< the same on every attempt
    std::string text;
    std::string ticket;
    bool automatic = false;      ///< written by a rule, not by a person
    bool first = false;          ///< the customer has not written: this answers nothing
    time_point at;               ///< when it was written
    time_point attempt_at;       ///< when this attempt is made
    std::uint32_t attempts = 0;  ///< made before this one
    std::string agent_name;
    std::string agent_address;  ///< phone calls: where to reach the agent (number, client:..., sip:...)
    std::string queue;          ///< phone calls: where the caller waited
    std::string language;       ///< of the customer, as far as it is known
    bool place_call = false;    ///< phone calls: there is no call any more; agent and customer are to be called
    // From the contact that is answered:
    std::string from;  ///< the customer's address at the provider (record::reply_address, else record::from)
    std::string to;    ///< our address there (record::to)
    std::string thread;
    std::string subject;
    std::string provider_message_id;
    std::vector<std::string> references;
    std::string details;  ///< record::details as a JSON object, for what only this provider needs
    std::optional<message_template> use_template;  ///< instead of `text`
    std::vector<outgoing_file> files;

    /// For signatures that carry a time: that of this attempt.
    time_point signed_at() const { return attempt_at == time_point{} ? at : attempt_at; }
};

/// How a message travels.
enum class transport {
    http = 1,
    smtp,
    chat_session,
    imap,  ///< of a checkup alone: logs in, opens the folder and changes nothing
};

/// How a submission server is spoken to.
struct submission_security {
    bool tls_required = true;  ///< smtp://: STARTTLS, or nothing is said; false: no TLS at all
    std::string ca_file;       ///< certificates that are trusted instead of the system's
    std::string token_file;    ///< an OAuth 2.0 access token, read at every log-in: XOAUTH2 instead of a password
};

/// The call that delivers a message.
struct provider_call {
    transport via = transport::http;
    std::string method = "POST";
    std::string url;  ///< http: absolute; smtp: smtp://host:port, smtps://host:port; imap: the same way
    std::vector<header> headers;
    std::string
        body;  ///< http: the body; smtp: the message, CRLF lines; chat_session: JSON of the frame; imap: a folder
    std::string user;  ///< http: basic auth when not empty; smtp: AUTH; imap: who logs in
    std::string password;
    std::string envelope_from;             ///< smtp
    std::vector<std::string> envelope_to;  ///< smtp; nobody: a checkup, which logs in and says NOOP
    submission_security security;          ///< smtp, imap
    std::string message_id;                ///< by which reports will name it, where the provider's answer says none
    std::string session;                   ///< chat_session: the visitor's conversation
};

/// What the provider answered to a call.
struct provider_answer {
    unsigned status = 0;  ///< http status, or smtp reply code
    std::vector<header> headers;
    std::string body;
};

/// What that means for the message.
struct delivery {
    enum class state { sent = 1, retry, failed } outcome = state::failed;
    std::string provider_message_id;  ///< of `sent`: later statuses and replies refer to it
    std::string reason;               ///< of `retry` and `failed`
    std::optional<duration> retry_after;
};

/// A question that changes nothing, and that a provider answers whoever may use the account: what is asked when an
/// admin wants to know whether a channel is set up right.
struct checkup {
    std::string asks;                   ///< in the provider's own word, such as "getMe"
    std::optional<provider_call> call;  ///< none: it cannot be asked
    std::string why_not;                ///< then: why, and what to do about it
    std::string name_at;                ///< where in the answer's JSON the account has its name: "result.username"
};

/// What the answer to a checkup means.
struct checkup_result {
    bool works = false;
    std::string said;  ///< the account's name as the provider has it, or what is wrong
};

/// One configured channel of one provider. Const calls are safe from many threads at once.
class connector {
public:
    virtual ~connector() = default;

    virtual channel_kind kind() const = 0;

    /// The default: texts of any length at any time, nothing else.
    virtual abilities can() const { return {}; }

    /// Verifies, parses and normalises. Bad input ends in `refused`, never in an exception.
    virtual reception receive(const request& arrived, time_point now) const = 0;

    /// The answer to a request whose `when` is `decision`, or to a question (`queue_wait`) about a known call.
    virtual answer answer_for(const record& about, const situation& now) const;

    /// The call that carries a message. errc::invalid: it can never be sent (too long, no address).
    virtual result<provider_call> deliver(const outgoing& message) const = 0;
    /// Where a message takes several calls (a file is uploaded before it is named): the next one, after those that were
    /// answered with 2xx so far. None: the last answer is the message's, and is judged. The default is one call.
    virtual result<std::optional<provider_call>> deliver_further(const outgoing& message,
                                                                 std::span<const provider_answer> answered) const;

    /// What the provider's answer means. The default reads HTTP status codes: 2xx sent; 408, 425, 429 and 5xx retry
    /// (honouring Retry-After); everything else failed.
    virtual delivery judge(const provider_answer& answered) const;

    /// The call that fetches a received file which the provider keeps. The default gets `url` without any proof;
    /// errc::invalid: there is no address. A proof of ours goes to the provider's own hosts alone: whoever writes may
    /// name any address.
    virtual result<provider_call> fetch(const attachment& file, time_point now) const;
    /// Where `fetch` does not bring the file but says where it is: the second call. None: the answer is the file.
    virtual result<std::optional<provider_call>> fetch_further(const attachment& file,
                                                               const provider_answer& answered) const;

    /// The call that removes what the provider keeps of a received file, once we keep it or must not have it any more.
    /// An answer of 404 says that it is done. None, the default: the provider keeps nothing that could be removed.
    virtual std::optional<provider_call> forget(const attachment& file, time_point now) const;

    /// What to ask so as to know the sender of a record better, who has no name on record. The default: nothing.
    virtual std::optional<inquiry> who_is(const record& sender) const;
    /// What the answer to who_is() says; an empty one where it says nothing. `sender` is the record's first identity.
    virtual introduction introduced(const identity& sender, const inquiry_answer& said) const;

    /// What to ask to know whether the channel is set up right, one for each server that it depends on. The default
    /// says that there is nobody to ask.
    virtual std::vector<checkup> checkups(time_point now) const;
    /// What the answer to one of them means. The default goes by judge().
    virtual checkup_result read_checkup(const checkup& asked, const provider_answer& answered) const;

protected:
    connector() = default;
    connector(const connector&) = default;
    connector& operator=(const connector&) = default;
};

}  // namespace kindred::channel
