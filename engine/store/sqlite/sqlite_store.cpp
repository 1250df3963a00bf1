#include "engine/store/sqlite/sqlite_store.hpp"

#include "engine/base/background.hpp"
#include "engine/base/log.hpp"
#include "engine/store/entry_brief.hpp"
#include "engine/store/sqlite/schema.hpp"

#include <algorithm>
#include <condition_variable>
#include <filesystem>

namespace kindred::store::sqlite {
namespace {

result<void> make_folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    if (folder.empty()) return {};
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return fail(errc::io, path + ": cannot make the folder " + folder.string() + ": " + failed.message());
    return {};
}

result<connection> open_writing(const sqlite_options& options, const std::string& vfs) {
    auto opened = connection::open({options.path, vfs, true, true});
    if (!opened) return opened;
    const auto version = identify(*opened);
    if (!version) return version.error();
    if (const auto set = prepare_writer(*opened, options.sync); !set) return set.error();
    if (const auto done = migrate(*opened, *version); !done) return done.error();
    return opened;
}

result<connection> open_folding(const sqlite_options& options) {
    auto opened = connection::open({options.path, options.vfs, true, false});
    if (!opened) return opened;
    if (const auto set = prepare_writer(*opened, options.sync); !set) return set.error();
    return opened;
}

result<std::unique_ptr<reader>> open_reader(const sqlite_options& options, health& disk,
                                            const writer::known_keys& keys) {
    auto opened = connection::open({options.path, options.vfs, true, false});
    if (!opened) return opened.error();
    if (const auto set = prepare_reader(*opened); !set) return set.error();
    return std::make_unique<reader>(std::move(*opened), disk, keys.filter, keys.runs);
}

}  // namespace

result<sqlite_store::ground> sqlite_store::prepare(const sqlite_options& options) {
    if (const auto made = make_folder_of(options.path); !made) return made.error();
    auto lock = file_lock::take(options.path + ".lock");
    if (!lock) return lock.error();
    std::unique_ptr<gathering_vfs> gathering;
    if (options.sync == sync_level::full) {
        auto made = gathering_vfs::over(options.vfs);
        if (!made) return made.error();
        gathering = std::move(*made);
    }
    auto writing = open_writing(options, gathering ? gathering->name() : options.vfs);
    if (!writing) return writing.error();
    auto folding = open_folding(options);
    if (!folding) return folding.error();
    return ground{std::move(*lock), std::move(gathering), std::move(*writing), std::move(*folding)};
}

result<std::unique_ptr<sqlite_store>> sqlite_store::open(const sqlite_options& options) {
    auto made = prepare(options);
    if (!made) return made.error();
    std::unique_ptr<sqlite_store> opened(new sqlite_store(options, std::move(*made)));
    for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i) {
        auto reading = open_reader(options, opened->disk_, opened->keys_);
        if (!reading) return reading.error();
        opened->readers_.add(std::move(*reading));
    }
    if (const auto begun = opened->begin_log(); !begun) return begun.error();
    opened->filling_ = std::jthread([store = opened.get()](const std::stop_token& stop) {
        store->fill_filter(stop);
        store->fill_digests(stop);
    });
    return opened;
}

sqlite_store::sqlite_store(const sqlite_options& options, ground made)
    : options_(options),
      lock_(std::move(made.lock)),
      gathering_(std::move(made.gathering)),
      writer_(std::move(made.writing), disk_, keys_, options.key_run),
      accounts_(writer_),
      trimmer_(writer_),
      checkpoints_(std::move(made.folding), options.checkpoint_pages, writer_, disk_) {}

/// Brings in what an earlier process had made durable and no more, then begins a new turn of the log behind it.
result<void> sqlite_store::begin_log() {
    std::uint64_t position = 0;
    const auto store = identity_of_log(writer_.on());
    if (!store) return store.error();
    if (const int code = writer_.read_position(position); code != SQLITE_OK)
        return error_of(options_.path, code, "read how far the store has come");
    if (const int code = writer_.load_keys(); code != SQLITE_OK)
        return error_of(options_.path, code, "read the latest keys");
    commit_log log;
    const auto missing = log.open(options_, *store, position);
    if (!missing) return missing.error();
    if (!missing->empty()) {
        const auto caught_up = writer_.restore(*missing);
        if (caught_up.state != commit_state::committed)
            return fail(errc::io, "the log of commits cannot be brought in: " + caught_up.reason);
        position = missing->back().position;
    }
    log.begin(position + 1);
    path_of_commits_ =
        std::make_unique<commit_path>(std::move(log), options_, writer_, disk_, [this] { checkpoints_.note_growth(); });
    return {};
}

void sqlite_store::fill_filter(const std::stop_token& stop) {
    constexpr std::size_t at_once = 4096;  // so that no other reader waits long
    std::string last;
    while (!stop.stop_requested()) {
        auto next = readers_.ask([&](reader& with) {
            return with.key_hashes(last, at_once, [this](std::string_view hash) { keys_.filter.add(hash); });
        });
        if (!next) {
            log::warn("keys are looked up one by one", {{"err", next.error().message}});
            return;
        }
        if (next->empty()) break;
        last = std::move(*next);
    }
    if (!stop.stop_requested()) keys_.filter.complete();
}

/// Of a file that an older version wrote, or one whose digests are of another form.
void sqlite_store::fill_digests(const std::stop_token& stop) {
    constexpr std::chrono::milliseconds pause{20};  // for those who have something to write
    work_in_the_background();
    std::mutex alone;
    std::condition_variable_any stopped;
    std::unique_lock hold(alone);
    for (std::int64_t place = 1; !stop.stop_requested(); stopped.wait_for(hold, stop, pause, [] { return false; })) {
        const auto missing = readers_.ask([&](reader& with) { return with.without_digest(place); });
        const auto next = missing && *missing != 0 ? writer_.make_up_for(*missing) : missing;
        checkpoints_.note_growth();
        if (!next) log::warn("reports read entries without digests", {{"err", next.error().message}});
        if (!next || *next == 0) return;
        place = *next;
    }
}

sqlite_store::~sqlite_store() {
    filling_.request_stop();
    if (filling_.joinable()) filling_.join();
    path_of_commits_.reset();
    // After a failed sync that would make the file claim what the disk may not have.
    if (!disk_.broken()) writer_.fold_at_close();
}

template <class Change>
auto sqlite_store::then_note_growth(Change change) {
    auto done = change();
    checkpoints_.note_growth();
    return done;
}

/// While the database cannot follow (its disk is full) readers see it as it is, and commits are refused.
template <class Question>
auto sqlite_store::ask_current(const Question& question) {
    (void)path_of_commits_->catch_up();
    return readers_.ask(question);
}

result<void> sqlite_store::catch_up() {
    const auto outcome = path_of_commits_->catch_up();
    if (outcome.state == commit_state::committed) return {};
    return fail(errc::unavailable, outcome.reason);
}

result<open_state> sqlite_store::load(const std::function<void(ticket_row&&)>& each_open) {
    if (const auto current = catch_up(); !current) return current.error();
    return readers_.ask([&](reader& with) { return with.load(each_open); });
}

result<std::vector<ingest_outcome>> sqlite_store::ingest(std::span<const inbound_item> items) {
    if (const auto current = catch_up(); !current) return current.error();
    return then_note_growth([&] { return writer_.ingest(items); });
}

commit_outcome sqlite_store::commit(std::shared_ptr<const batch> changes) {
    return path_of_commits_->commit({std::move(changes), {}});
}

commit_outcome sqlite_store::commit(std::shared_ptr<const batch> changes, kept_row place) {
    return path_of_commits_->commit({std::move(changes), std::move(place)});
}

std::uint64_t sqlite_store::commits() const { return path_of_commits_->count(); }

result<std::vector<prefetched>> sqlite_store::prefetch(std::span<const prefetch_query> wanted) {
    return readers_.ask([&](reader& with) {
        // Counted before the read begins: it sees at least these commits, perhaps one more.
        const auto as_of = writer_.commits();
        return with.prefetch(wanted, as_of);
    });
}

std::optional<std::uint64_t> sqlite_store::surely_unused(const unique_key& key) const {
    // Counted first: the keys of these commits are in the filter.
    const auto as_of = writer_.commits();
    return keys_.filter.may_have(lookup_hash_of(key.space, key.id).view()) ? std::nullopt : std::optional(as_of);
}

result<ticket_row> sqlite_store::ticket(ticket_id id) {
    return ask_current([&](reader& with) { return with.ticket(id); });
}

result<std::optional<ticket_row>> sqlite_store::conversation(std::string_view channel, std::string_view conversation) {
    return ask_current([&](reader& with) { return with.conversation(channel, conversation); });
}

result<std::vector<ticket_row>> sqlite_store::tickets(const ticket_filter& filter) {
    return ask_current([&](reader& with) { return with.tickets(filter); });
}

result<std::vector<entry_row>> sqlite_store::entries(ticket_id ticket, std::uint32_t after, std::size_t limit) {
    return ask_current([&](reader& with) { return with.entries(ticket, after, limit); });
}

result<void> sqlite_store::entries_between(const entry_selection& wanted,
                                           const std::function<bool(const selected_entry&)>& each) {
    // In pieces, each with a reader of its own: `each` may ask, and no moment of the store is kept for long.
    auto left = ask_current([&](reader& with) { return with.places_of(wanted); });
    if (!left) return left.error();
    entry_list found;
    auto asked = wanted;
    asked.brief = wanted.brief && std::all_of(wanted.kinds.begin(), wanted.kinds.end(), has_brief);
    constexpr std::int64_t many = 100'000;
    if (asked.brief && !asked.with_ticket.empty() && left->last - left->first >= many) {
        auto owners = readers_.ask([&](reader& with) { return with.owners(); });
        if (!owners) return owners.error();
        found.owners = std::move(*owners);
    }
    while (left->first < left->last) {
        auto read = readers_.ask([&](reader& with) { return with.next_entries(asked, *left, found); });
        if (!read) return read;
        for (std::size_t place = 0; place < found.size(); ++place) {
            if (!each(found.at(place))) return {};
        }
    }
    return {};
}

result<std::vector<outbox_row>> sqlite_store::outbox_of(ticket_id ticket) {
    return ask_current([&](reader& with) { return with.outbox_of(ticket); });
}

result<customer_row> sqlite_store::customer(customer_id id) {
    return ask_current([&](reader& with) { return with.customer(id); });
}

result<customer_row> sqlite_store::customer_with(std::string_view identity) {
    return ask_current([&](reader& with) { return with.customer_with(identity); });
}

result<std::vector<customer_row>> sqlite_store::customers(customer_id after, std::size_t limit) {
    return ask_current([&](reader& with) { return with.customers(after, limit); });
}

result<std::optional<key_row>> sqlite_store::find_key(const unique_key& key) {
    return ask_current([&](reader& with) { return with.find_key(key); });
}

result<std::vector<ruleset_row>> sqlite_store::rulesets() {
    return ask_current([&](reader& with) { return with.rulesets(); });
}

result<ruleset_row> sqlite_store::ruleset(std::string_view hash) {
    return ask_current([&](reader& with) { return with.ruleset(hash); });
}

result<std::vector<kept_row>> sqlite_store::kept(std::string_view kind, std::string_view prefix, std::string_view after,
                                                 std::size_t limit) {
    return ask_current([&](reader& with) { return with.kept_rows(kind, prefix, after, limit); });
}

result<kept_row> sqlite_store::kept_one(std::string_view kind, std::string_view id) {
    return ask_current([&](reader& with) { return with.kept_one(kind, id); });
}

result<void> sqlite_store::journal(std::uint64_t from, const std::function<bool(journal_row&&)>& each) {
    return ask_current([&](reader& with) { return with.journal(from, each); });
}

result<void> sqlite_store::put_session(const session_row& session) { return accounts_.put_session(session); }

result<std::optional<session_row>> sqlite_store::session(std::string_view hash) {
    return readers_.ask([&](reader& with) { return with.session(hash); });
}

result<void> sqlite_store::drop_sessions(std::string_view hash_or_empty, agent_id agent) {
    return accounts_.drop_sessions(hash_or_empty, agent);
}

result<void> sqlite_store::put_token(const token_row& token) { return accounts_.put_token(token); }

result<std::optional<token_row>> sqlite_store::token(std::string_view hash) {
    return readers_.ask([&](reader& with) { return with.token(hash); });
}

result<std::vector<token_row>> sqlite_store::tokens() {
    return readers_.ask([&](reader& with) { return with.tokens(); });
}

result<bool> sqlite_store::trim(time_point before, time_point now) {
    if (const auto current = catch_up(); !current) return current.error();
    return then_note_growth([&] { return trimmer_.trim(before, now); });
}

result<void> sqlite_store::backup(const std::string& file) { return backup_sqlite(options_, file); }

result<void> sqlite_store::fold_journal() {
    const int code = checkpoints_.fold();
    if (code == SQLITE_OK) return {};
    return error_of(options_.path, code, "fold the journal into the file");
}

}  // namespace kindred::store::sqlite
