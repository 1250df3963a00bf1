#include "engine/runtime/sending/file_keeper.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/sending/http_of.hpp"
#include "engine/runtime/sending/send_gates.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kindred::runtime {
namespace {

constexpr std::size_t rows_at_once = 200;
constexpr std::size_t most_at_once = 4;
constexpr unsigned most_tries = 6;
constexpr unsigned most_redirects = 3;
constexpr duration look_every = std::chrono::seconds{30};
constexpr duration try_again_after = std::chrono::seconds{1};
constexpr duration links_live = std::chrono::hours{1};

duration pause_after(unsigned tries) { return std::chrono::seconds{5} * (1U << (2 * std::min(tries - 1, 5U))); }

http::client_settings for_files(http::client_settings calls, const file_settings& settings) {
    calls.threads = 2;
    calls.max_response_bytes = settings.most_bytes;
    calls.trusted_hosts = settings.trusted_hosts;
    return calls;
}

std::string header_of(const http::client_response& got, std::string_view name) {
    for (const auto& [key, value] : got.headers)
        if (equal_ignoring_case(key, name)) return value;
    return {};
}

/// "2 1795000000000": tries so far, and when the next is due.
struct fetch_row {
    unsigned tries = 0;
    time_point due;
};
fetch_row read_fetch_row(const std::string& bytes) {
    fetch_row read;
    const auto space = bytes.find(' ');
    read.tries = static_cast<unsigned>(parse_number(bytes.substr(0, space)).value_or(0));
    if (space != std::string::npos)
        read.due = from_millis(static_cast<std::int64_t>(parse_number(bytes.substr(space + 1)).value_or(0)));
    return read;
}

}  // namespace

/// One file on its way.
struct file_keeper::fetching {
    kept_file file;
    unsigned tries = 0;
    const channel_entry* via = nullptr;
    channel::attachment at_provider;
    std::shared_ptr<const void> held;  ///< its bytes
    std::string host;                  ///< that the connector's proof is for
    unsigned redirects = 0;
    bool knows_where = false;  ///< the provider has said where the bytes are
};

file_keeper::file_keeper(const file_settings& settings, http::client_settings calls, store::store& durable,
                         store::file_place* place, const channel_directory& channels, const clock& now,
                         submit to_writer)
    : settings_(settings),
      durable_(durable),
      channels_(channels),
      now_(now),
      to_writer_(std::move(to_writer)),
      own_(place == nullptr ? std::make_unique<store::file_store>(settings.folder) : nullptr),
      files_(place == nullptr ? *own_ : *place),
      link_secret_(random_bytes(32)),
      calls_(for_files(std::move(calls), settings)),
      removals_(calls_, durable, channels, now, to_writer_, [this] { wake(); }) {}

void file_keeper::begin() {
    thread_ = std::jthread([this] { run(); });
}

file_keeper::~file_keeper() { stop(std::chrono::milliseconds{0}); }

void file_keeper::stop(std::chrono::milliseconds patience) {
    {
        const std::lock_guard hold(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    calls_.stop(patience);
}

result<std::string> file_keeper::put(std::string_view bytes, std::shared_ptr<const void>& held) {
    auto name = store::file_name_of(bytes);
    held = held_.hold(name);
    if (const auto done = files_.put(name, bytes); !done) return done.error();
    return name;
}

bool file_keeper::keep(delivery& arrived) {
    auto held = std::make_shared<std::vector<std::shared_ptr<const void>>>();
    for (auto& record : arrived.records) {
        for (auto& file : record.attachments) {
            // Of our own chat the provider is ourselves: its ids are those of uploads.
            if (arrived.via->connector == "webchat" && !file.media_id.empty())
                take_upload(arrived, record.conversation, file);
            if (!file.stored.empty()) held->push_back(held_.hold(file.stored));
            if (file.content.empty()) continue;
            if (file.size < 0) file.size = static_cast<std::int64_t>(file.content.size());
            file.not_kept =
                why_not_kept(arrived.via->policy, file.name, file.type, static_cast<std::int64_t>(file.content.size()));
            if (file.not_kept.empty()) {
                auto stored = put(file.content, held->emplace_back());
                if (!stored) {
                    log::error("a file cannot be kept", {{"err", stored.error().message}});
                    return false;
                }
                file.stored = std::move(*stored);
            }
            file.content = {};
        }
    }
    // Until it is known what became of it.
    if (!held->empty())
        arrived.done = [done = std::move(arrived.done), held](std::vector<outcome> became) { done(std::move(became)); };
    return true;
}

void file_keeper::fetch(const file_wish& wanted) {
    if (wanted.channel.empty()) {
        const std::lock_guard hold(mutex_);
        to_forget_.insert(wanted.id);
    }
    wake();
}

void file_keeper::wake() {
    {
        const std::lock_guard hold(mutex_);
        wanted_ = true;
    }
    changed_.notify_all();
}

void file_keeper::run() {
    auto next_sweep = now_.now() + std::min<duration>(settings_.sweep_every, std::chrono::minutes{10});
    while (true) {
        auto next = std::min(start_due(), removals_.start_due());
        forget_now();
        if (const auto doubts = files_.doubts(); doubts != doubts_ || now_.now() >= next_sweep) {
            if (sweep()) doubts_ = doubts;
            next_sweep = now_.now() + settings_.sweep_every;
        }
        std::unique_lock hold(mutex_);
        if (!to_forget_.empty()) next = std::min(next, now_.now() + try_again_after);
        const auto patience = std::clamp<duration>(std::min(next, next_sweep) - now_.now(), duration{10}, look_every);
        changed_.wait_for(hold, patience, [this] { return stopping_ || wanted_; });
        if (stopping_) return;
        wanted_ = false;
    }
}

time_point file_keeper::start_due() {
    const auto now = now_.now();
    auto next = now + look_every;
    const auto rows = durable_.kept(fetch_rows, {}, {}, rows_at_once);
    if (!rows) return next;
    for (const auto& row : *rows) {
        const auto wish = read_fetch_row(row.bytes);
        if (wish.due > now) {
            next = std::min(next, wish.due);
            continue;
        }
        {
            const std::lock_guard hold(mutex_);
            if (stopping_ || in_flight_.size() >= most_at_once) break;
            if (!in_flight_.insert(row.id).second) continue;
        }
        auto file = find(row.id);
        if (file) {
            start(std::move(*file), wish.tries);
            continue;
        }
        log::warn("a file to be fetched is not on record", {{"id", row.id}});
        registers::row_change gone;
        gone.rows.push_back({std::string(fetch_rows), row.id, now, {}, true});
        (void)to_writer_(register_change{std::move(gone), [](const auto&) {}});
    }
    return next;
}

void file_keeper::start(kept_file file, unsigned tries) {
    auto of = std::make_shared<fetching>();
    of->file = std::move(file);
    of->tries = tries;
    of->via = channels_.find(of->file.channel);
    of->at_provider.name = of->file.name;
    of->at_provider.type = of->file.type;
    of->at_provider.url = of->file.url;
    of->at_provider.media_id = of->file.media_id;
    if (of->via == nullptr) return failed(of, "the channel is no longer configured", true);
    auto wanted = of->via->works->fetch(of->at_provider, now_.now());
    if (!wanted) return failed(of, wanted.error().message, true);
    call(of, std::move(*wanted));
}

void file_keeper::call(const std::shared_ptr<fetching>& of, channel::provider_call wanted) {
    of->host = host_and_port(wanted.url);
    auto request = http_of(std::move(wanted));
    request.within = std::chrono::seconds{60};
    const bool taken =
        calls_.submit(std::move(request), [this, of](const result<http::client_response>& got) { answered(of, got); });
    if (!taken) failed(of, "too many files at once", false);
}

void file_keeper::answered(const std::shared_ptr<fetching>& of, const result<http::client_response>& got) {
    if (!got) {
        const auto code = got.error().code;
        if (code == errc::too_large) return failed(of, "too_large", true);
        return failed(of, got.error().message, code == errc::invalid || code == errc::forbidden);
    }
    const bool elsewhere = got->status >= 301 && got->status <= 308 && got->status != 304;
    if (elsewhere && ++of->redirects <= most_redirects) {
        // The provider's proof stays with the provider's host; the guard looks at every address anew.
        channel::provider_call there;
        there.method = "GET";
        there.url = header_of(*got, "location");
        return call(of, std::move(there));
    }
    // 202: the provider still prepares it, as LINE does with videos.
    if (got->status < 200 || got->status > 299 || got->status == 202) {
        const bool passing = got->status == 202 || got->status == 408 || got->status == 429 || got->status >= 500;
        return failed(of, "the provider answered " + std::to_string(got->status), !passing);
    }
    if (of->knows_where || of->redirects > 0) return arrived(of, *got);
    of->knows_where = true;
    auto further = of->via->works->fetch_further(of->at_provider, {got->status, got->headers, got->body});
    if (!further) return failed(of, further.error().message, true);
    if (*further) return call(of, std::move(**further));
    arrived(of, *got);
}

void file_keeper::arrived(const std::shared_ptr<fetching>& of, const http::client_response& got) {
    auto& file = of->file;
    file.size = static_cast<std::int64_t>(got.body.size());
    if (file.type.find('/') == std::string::npos) file.type = to_lower_ascii(trim(header_of(got, "content-type")));
    if (const auto semicolon = file.type.find(';'); semicolon != std::string::npos) file.type.resize(semicolon);
    if (auto reason = why_not_kept(of->via->policy, file.name, file.type, file.size); !reason.empty())
        return failed(of, reason, true);
    auto stored = put(got.body, of->held);
    if (!stored) return failed(of, stored.error().message, false);
    file.sha256 = std::move(*stored);
    file.stands = kept_file::state::stored;
    std::vector<store::kept_row> rows{{std::string(fetch_rows), file.id, now_.now(), {}, true}};
    // Ours is enough: from now on the provider's copy is one too many, where it is ours to remove.
    if (of->via->works->forget(of->at_provider, now_.now())) {
        if (auto removal = removal_of(file, now_.now())) rows.push_back(std::move(*removal));
        file.url.clear();
        file.media_id.clear();
    }
    rows.push_back(to_row(file));
    settle(of, std::move(rows));
}

void file_keeper::failed(const std::shared_ptr<fetching>& of, const std::string& reason, bool for_good) {
    auto& file = of->file;
    const auto tries = of->tries + 1;
    if (!for_good && tries < most_tries) {
        const auto due = now_.now() + pause_after(tries);
        return settle(of, {{std::string(fetch_rows), file.id, now_.now(),
                            std::to_string(tries) + ' ' + std::to_string(to_millis(due))}});
    }
    log::warn("a file cannot be fetched", {{"id", file.id}, {"err", reason}});
    file.stands = kept_file::state::failed;
    file.reason = reason;
    settle(of, {to_row(file), {std::string(fetch_rows), file.id, now_.now(), {}, true}});
}

/// Not taken by the writer now: the row still says that it is to be fetched, and it is, again.
void file_keeper::settle(const std::shared_ptr<fetching>& of, std::vector<store::kept_row> rows) {
    const auto let_go = [this, of] {
        {
            const std::lock_guard hold(mutex_);
            in_flight_.erase(of->file.id);
            wanted_ = true;
        }
        changed_.notify_all();
    };
    register_change change{registers::row_change{std::move(rows)}, [let_go](const auto&) { let_go(); }};
    if (!to_writer_(std::move(change))) let_go();
}

result<kept_file> file_keeper::find(std::string_view id) {
    const auto row = durable_.kept_one(file_rows, id);
    if (!row) return row.error();
    return file_from(*row);
}

result<std::vector<kept_file>> file_keeper::of_ticket(ticket_id ticket) {
    const auto rows = durable_.kept(file_rows, to_string(ticket) + '-', {}, 1'000);
    if (!rows) return rows.error();
    std::vector<kept_file> files;
    for (const auto& row : *rows)
        if (auto file = file_from(row)) files.push_back(std::move(*file));
    return files;
}

result<std::string> file_keeper::bytes_of(const kept_file& file) {
    if (file.stands == kept_file::state::stored) return files_.get(file.sha256);
    if (file.stands == kept_file::state::waiting)
        return fail(errc::conflict, "the file is still being fetched from the provider: try again");
    return fail(errc::conflict,
                "the file is not kept: " + (file.reason.empty() ? std::string(name_of(file.stands)) : file.reason));
}

result<void> file_keeper::load(channel::outgoing& message) {
    for (auto& each : message.files) {
        const auto file = find(each.id);
        if (!file) return file.error();
        auto bytes = bytes_of(*file);
        if (!bytes) return bytes.error();
        each.content = std::move(*bytes);
        each.size = static_cast<std::int64_t>(each.content.size());
        if (settings_.public_url.empty()) continue;
        const auto until = std::to_string(to_millis(now_.now() + links_live));
        each.url = settings_.public_url + "/files/" + encode_percent(each.id) + "?until=" + until +
                   "&signature=" + link_signature(each.id, until);
    }
    return {};
}

std::string file_keeper::link_signature(std::string_view id, std::string_view until) const {
    const std::string signed_text = std::string(id) + '.' + std::string(until);
    return to_base64url(hmac_of(hash_kind::sha256, link_secret_, {signed_text}));
}

bool file_keeper::is_genuine_link(std::string_view id, std::string_view until, std::string_view signature) const {
    const auto millis = parse_number(until);
    return millis && from_millis(static_cast<std::int64_t>(*millis)) > now_.now() &&
           channel::is_one_of({link_signature(id, until)}, signature);
}

bool file_keeper::is_over(const kept_file& file, time_point now) const {
    const auto kept = file.keep_for.value_or(settings_.keep_for);
    return kept > duration{0} && file.at + kept < now;
}

/// Looks through all files; those whose time is over are forgotten. False: it is to be done again.
bool file_keeper::sweep() {
    const auto now = now_.now();
    registers::row_change over;
    const auto settle_over = [&] {
        if (over.rows.empty()) return;
        (void)to_writer_(register_change{std::exchange(over, {}), [](const auto&) {}});
    };
    const auto done = sweep_files({durable_, files_, held_}, now, [&](const kept_file& file) {
        if (file.sha256.empty() || !is_over(file, now)) return;
        expire(file, now, over.rows);
        if (over.rows.size() >= rows_at_once) settle_over();
    });
    settle_over();
    if (!done) {
        log::warn("files cannot be looked through", {{"err", done.error().message}});
        return false;
    }
    if (done->removed > 0) log::info("removed files that nothing names", {{"count", done->removed}});
    if (done->put_back > 0) log::warn("put files back that Redis did not have", {{"count", done->put_back}});
    if (done->missing > 0) log::error("files that are on record are nowhere", {{"count", done->missing}});
    return true;
}

void file_keeper::forget_now() {
    std::vector<std::string> names;
    {
        const std::lock_guard hold(mutex_);
        names.assign(to_forget_.begin(), to_forget_.end());
    }
    if (names.empty()) return;
    auto again = forget_files({durable_, files_, held_}, names);
    if (!again) return log::warn("files cannot be removed yet", {{"err", again.error().message}});
    const std::lock_guard hold(mutex_);
    for (const auto& each : names)
        if (std::find(again->begin(), again->end(), each) == again->end()) to_forget_.erase(each);
}

}  // namespace kindred::runtime
