#include "engine/store/redis/migration.hpp"

#include "engine/base/digest.hpp"
#include "engine/store/file_store.hpp"
#include "engine/store/redis/moved_files.hpp"
#include "engine/store/redis/redis_store.hpp"
#include "engine/store/redis/server_checks.hpp"
#include "engine/store/sqlite/content_hash.hpp"

#include <algorithm>
#include <filesystem>
#include <thread>

namespace kindred::store {
namespace {

namespace fs = std::filesystem;
using namespace redis;

/// Behind the name of the store that is moved: the file that is put into Redis. It stays when a move is interrupted.
constexpr const char* whole_suffix = ".moved";
constexpr std::size_t id_digits = 16;
/// Likewise: the folder of its attachments.
constexpr const char* files_suffix = "-files";

/// Files that are of use while it lasts.
class scratch_file {
public:
    explicit scratch_file(std::string path) : path_(std::move(path)) { remove(); }
    ~scratch_file() { remove(); }
    scratch_file(const scratch_file&) = delete;
    scratch_file& operator=(const scratch_file&) = delete;
    const std::string& path() const { return path_; }

private:
    void remove() const {
        std::error_code ignored;
        for (const char* part : {"", "-wal", "-shm", "-commits0", "-commits1", ".lock"})
            fs::remove(path_ + part, ignored);
    }
    std::string path_;
};

error led_by(const redis_options& site, const std::string& node) {
    return fail(errc::conflict, "node " + node + " leads the site \"" + site.site + "\": stop it first");
}

/// Others are shown that it is no node that leads; and an earlier try, which ended in the middle, is known by it.
std::string mover_of(const redis_options& site) { return site.node + "-migration"; }

/// Asks until the lease is ours, or another's than that of an earlier try of this. `ask` gives who has it and how much
/// of it is left; nobody: it is ours.
template <class Ask>
result<std::optional<std::string>> wait_for_lease(const redis_options& site, const Ask& ask) {
    constexpr std::chrono::milliseconds spare{1'000};
    const auto until = std::chrono::steady_clock::now() + site.lease + spare;
    while (true) {
        const result<leader> holder = ask();
        if (!holder) return holder.error();
        if (holder->node.empty()) return std::optional<std::string>{};
        const bool is_ours = holder->node == mover_of(site) && std::chrono::steady_clock::now() < until;
        if (!is_ours) return std::optional(holder->node);
        std::this_thread::sleep_for(std::min(holder->left, spare) + std::chrono::milliseconds{10});
    }
}

/// Whether nothing has happened in the site but the first batch that an earlier try may have left.
result<bool> is_untouched(site_log& in, const log_end& end) {
    if (end.seq == 0) return true;
    if (end.seq != 1) return false;
    const auto first = in.read(0, 1, std::chrono::milliseconds{0});
    if (!first) return first.error();
    return first->size() == 1 && first->front().bytes.size() < 200;  // an empty batch
}

error there_is(const redis_options& to) { return fail(errc::conflict, "Redis has a site \"" + to.site + "\" already"); }

/// The first batch of a moved site: empty, and the one that its snapshot is as of.
batch first_batch() {
    batch made;
    const auto random = random_bytes(made.id.incarnation.size());
    std::copy(random.begin(), random.end(), made.id.incarnation.begin());
    made.id.number = 1;
    return made;
}

/// The file as a copy of the site as of that end.
result<void> mark(const std::string& file, const copy_place& as_of) {
    sqlite_options options;
    options.path = file;
    auto copy = local_copy::open(options);
    if (!copy) return copy.error();
    const auto marked = copy->apply(std::make_shared<const batch>(first_batch()), as_of);
    if (marked.state == commit_state::committed) return {};
    return fail(errc::io, file + ": cannot be written: " + marked.reason);
}

result<void> move_tokens(store& from, site_log& to) {
    const auto tokens = from.tokens();
    if (!tokens) return tokens.error();
    accounts in(to);
    for (const auto& each : *tokens)
        if (auto put = in.put(each); !put) return put;
    return {};
}

/// The file that is put into Redis: of an earlier try where it is of the same store and site, for its pieces may be
/// there already; else made anew.
result<void> make_whole(store& source, const std::string& from, const std::string& content, const copy_place& as_of) {
    const auto whole = from + whole_suffix;
    std::error_code ignored;
    if (fs::exists(whole, ignored)) {
        const auto place = place_in(whole);
        const auto says = content_hash(whole);
        if (place && *place == as_of && says && *says == content) return {};
        fs::remove(whole, ignored);
    }
    const scratch_file marked(from + ".moving");
    if (auto copied = source.backup(marked.path()); !copied) return copied;
    if (auto done = mark(marked.path(), as_of); !done) return done;
    sqlite_options options;
    options.path = marked.path();
    return backup_sqlite(options, whole);
}

/// Attachments go first: what names them is not there before they are.
result<std::uint64_t> move_files_in(const std::string& from, const redis_options& to) {
    if (!to.files_in_redis) return 0;
    file_store source(from + files_suffix);
    shared_files place(
        place_of(to), to, [] { return result<bool>(false); }, [] { return std::uint64_t{0}; });
    return move_files(source, place);
}

/// Reads back what Redis has: byte for byte the file that was put there, and row for row the store that it was made of.
result<void> compare(snapshots& in, const snapshot_head& put, const std::string& from, const std::string& content) {
    const scratch_file back(from + ".back");
    if (auto fetched = in.fetch(put, back.path()); !fetched) return fetched;
    const auto sent = file_hash(from + whole_suffix);
    const auto received = file_hash(back.path());
    const auto says = content_hash(back.path());
    for (const auto* each : {&sent, &received, &says})
        if (!*each) return each->error();
    if (*sent == *received && *says == content) return {};
    return fail(errc::corrupt, "what Redis gives back is not what was put into it");
}

}  // namespace

result<moved_site> move_into_redis(const sqlite_options& from, const redis_options& to) {
    std::error_code ignored;
    if (!fs::is_regular_file(from.path, ignored)) return fail(errc::not_found, from.path + ": there is no store");
    const auto source = open_sqlite(from);
    if (!source) return source.error();
    const auto opened = (*source)->load(nullptr);
    if (!opened) return opened.error();
    if (!opened->undecided.empty())
        return fail(errc::conflict, from.path + ": has items that are not decided: start the engine with it once");
    const auto content = content_hash(from.path);
    if (!content) return content.error();

    const auto place = place_of(to);
    site_log log(place, "migration");
    if (auto fit = prepare_servers(log.connection(), to); !fit) return fit.error();
    const auto nonce = to_hex(random_bytes(16));
    lease_answer answer;
    const auto taken = wait_for_lease(to, [&]() -> result<leader> {
        auto asked = log.acquire({mover_of(to), to.address, nonce, to.lease});
        if (!asked) return asked.error();
        answer = std::move(*asked);
        return answer.granted ? leader{} : leader{answer.owner, answer.address, answer.epoch, answer.left};
    });
    if (!taken) return taken.error();
    if (*taken) return led_by(to, **taken);
    const lease_keeper lease(place, {answer.epoch, nonce}, to.lease);
    auto end = answer.end;
    if (end.seq == 0) {
        const auto begun = log.append(lease.token(), end, first_batch());
        if (begun.what.state != commit_state::committed)
            return fail(errc::unavailable, "the site cannot be begun: " + begun.what.reason);
        end = {begun.record.seq, begun.record.id};
    }
    snapshots into(log, place);
    auto put = into.newest();
    if (!put) return put.error();
    // One that an earlier try has put there has a name that only the file tells.
    const auto may_go_on = *put ? result<bool>((*put)->end == end && end.seq == 1) : is_untouched(log, end);
    if (!may_go_on) return may_go_on.error();
    if (!*may_go_on) return there_is(to);
    if (auto made = make_whole(**source, from.path, *content, {answer.site_uid, end}); !made) return made.error();
    const auto bytes = file_hash(from.path + whole_suffix);
    if (!bytes) return bytes.error();
    const auto id = bytes->substr(0, id_digits);
    if (*put && (*put)->id != id && (*put)->id != into.named(id)) {
        fs::remove(from.path + whole_suffix, ignored);
        return there_is(to);
    }
    if (auto moved = move_tokens(**source, log); !moved) return moved.error();
    const auto files = move_files_in(from.path, to);
    if (!files) return files.error();
    if (!*put) {
        auto done = into.put(lease.token(), from.path + whole_suffix, end, false, id);
        if (!done) return done.error();
        *put = std::move(*done);
    }
    if (auto same = compare(into, **put, from.path, *content); !same) return same.error();
    fs::remove(from.path + whole_suffix, ignored);
    return moved_site{(*put)->plain, (*put)->packed, *content, *files};
}

result<moved_site> move_out_of_redis(const redis_options& from, const std::string& to) {
    std::error_code ignored;
    if (fs::exists(to, ignored)) return fail(errc::conflict, to + ": exists already: name a new file");
    auto mover = from;
    mover.node = mover_of(from);
    const auto site = open_redis(mover);
    if (!site) return site.error();
    const auto taken = wait_for_lease(from, [&]() -> result<leader> {
        const auto leads = (*site)->lead(std::chrono::milliseconds{10});
        if (!leads) return leads.error();
        return *leads ? leader{} : (*site)->current_leader();
    });
    if (!taken) return taken.error();
    if (*taken) return led_by(from, **taken);
    const auto opened = (*site)->load(nullptr);
    if (!opened) return opened.error();
    if (!opened->undecided.empty())
        return fail(errc::conflict, "the site has items that are not decided: start a node with it once");
    const scratch_file made(to + ".moving");
    if (auto copied = (*site)->backup(made.path()); !copied) return copied.error();
    sqlite_options options;
    options.path = made.path();
    if (auto sound = quick_check(options); !sound) return sound.error();
    const auto before = content_hash(from.copy.path);
    const auto after = content_hash(made.path());
    if (!before || !after) return before ? after.error() : before.error();
    if (*before != *after) return fail(errc::corrupt, to + ": is not what this node's copy of the site is");
    std::uint64_t files = 0;
    if (auto* const place = (*site)->files()) {
        file_store into(to + files_suffix);
        const auto moved = move_files(*place, into);
        if (!moved) return moved.error();
        files = *moved;
    }
    std::error_code failed;
    fs::rename(made.path(), to, failed);
    if (failed) return fail(errc::io, to + ": cannot take its name: " + failed.message());
    return moved_site{fs::file_size(to, ignored), 0, *after, files};
}

}  // namespace kindred::store
