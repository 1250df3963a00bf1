#include "engine/store/redis/migration.hpp"

#include "engine/base/digest.hpp"
#include "engine/store/redis/redis_store.hpp"
#include "engine/store/redis/server_checks.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace kindred::store {
namespace {

namespace fs = std::filesystem;
using namespace redis;

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

bool are_equal(const std::string& left, const std::string& right) {
    std::ifstream one(left, std::ios::binary);
    std::ifstream other(right, std::ios::binary);
    std::string some(std::size_t{1} << 20, '\0');
    std::string more(some.size(), '\0');
    while (one && other) {
        one.read(some.data(), static_cast<std::streamsize>(some.size()));
        other.read(more.data(), static_cast<std::streamsize>(more.size()));
        if (one.gcount() != other.gcount()) return false;
        if (!std::equal(some.begin(), some.begin() + one.gcount(), more.begin())) return false;
    }
    return one.eof() && other.eof();
}

error led_by(const redis_options& site, const std::string& node) {
    return fail(errc::conflict, "node " + node + " leads the site \"" + site.site + "\": stop it first");
}

/// Whether the site is new, but for what an earlier try may have left: a first batch, and no snapshot.
result<bool> is_new(site_log& in, const log_end& end) {
    if (end.seq == 0) return true;
    const auto snapshot = snapshots(in).newest();
    if (!snapshot) return snapshot.error();
    if (*snapshot || end.seq != 1) return false;
    const auto first = in.read(0, 1, std::chrono::milliseconds{0});
    if (!first) return first.error();
    return first->size() == 1 && first->front().bytes.size() < 200;  // an empty batch
}

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
    const auto marked = copy->apply(first_batch(), as_of);
    if (marked.state == commit_state::committed) return {};
    return fail(errc::io, file + ": cannot be written: " + marked.reason);
}

result<void> check_server(site_log& in, const redis_options& to) {
    const auto problems = unsafe_settings(in.connection());
    if (!problems) return problems.error();
    if (!problems->empty() && to.refuse_unsafe)
        return fail(errc::invalid, "Redis is not safe to keep a site in: " + problems->front());
    return load_functions(in.connection());
}

result<void> move_tokens(store& from, site_log& to) {
    const auto tokens = from.tokens();
    if (!tokens) return tokens.error();
    accounts in(to);
    for (const auto& each : *tokens)
        if (auto put = in.put(each); !put) return put;
    return {};
}

}  // namespace

result<moved_site> move_into_redis(const sqlite_options& from, const redis_options& to) {
    std::error_code ignored;
    if (!fs::is_regular_file(from.path, ignored)) return fail(errc::not_found, from.path + ": there is no store");
    const auto source = open_sqlite(from);
    if (!source) return source.error();
    const auto opened = (*source)->load([](ticket_row&&) {});
    if (!opened) return opened.error();
    if (!opened->undecided.empty())
        return fail(errc::conflict, from.path + ": has items that are not decided: start the engine with it once");

    site_log log(place_of(to), "migration");
    if (auto fit = check_server(log, to); !fit) return fit.error();
    const auto nonce = to_hex(random_bytes(16));
    const auto answer = log.acquire({to.node, to.address, nonce, to.lease});
    if (!answer) return answer.error();
    if (!answer->granted) return led_by(to, answer->owner);
    const lease_keeper lease(place_of(to), {answer->epoch, nonce}, to.lease);
    const auto fresh = is_new(log, answer->end);
    if (!fresh) return fresh.error();
    if (!*fresh) return fail(errc::conflict, "Redis has a site \"" + to.site + "\" already");
    auto end = answer->end;
    if (end.seq == 0) {
        const auto begun = log.append(lease.token(), end, first_batch());
        if (begun.what.state != commit_state::committed)
            return fail(errc::unavailable, "the site cannot be begun: " + begun.what.reason);
        end = {begun.record.seq, begun.record.id};
    }

    const scratch_file marked(from.path + ".moving");
    const scratch_file whole(from.path + ".moved");
    const scratch_file back(from.path + ".back");
    if (auto copied = (*source)->backup(marked.path()); !copied) return copied.error();
    if (auto done = mark(marked.path(), {answer->site_uid, end}); !done) return done.error();
    sqlite_options options;
    options.path = marked.path();
    if (auto copied = backup_sqlite(options, whole.path()); !copied) return copied.error();
    snapshots into(log);
    const auto put = into.put(lease.token(), whole.path(), end);
    if (!put) return put.error();
    if (auto fetched = into.fetch(*put, back.path()); !fetched) return fetched.error();
    if (!are_equal(whole.path(), back.path()))
        return fail(errc::corrupt, "what Redis gives back is not what was put into it");
    if (auto moved = move_tokens(**source, log); !moved) return moved.error();
    return moved_site{put->plain, put->packed};
}

result<moved_site> move_out_of_redis(const redis_options& from, const std::string& to) {
    std::error_code ignored;
    if (fs::exists(to, ignored)) return fail(errc::conflict, to + ": exists already: name a new file");
    const auto site = open_redis(from);
    if (!site) return site.error();
    const auto leads = (*site)->lead(std::chrono::milliseconds{10});
    if (!leads) return leads.error();
    if (!*leads) return led_by(from, (*site)->current_leader().node);
    const auto opened = (*site)->load([](ticket_row&&) {});
    if (!opened) return opened.error();
    if (!opened->undecided.empty())
        return fail(errc::conflict, "the site has items that are not decided: start a node with it once");
    if (auto copied = (*site)->backup(to); !copied) return copied.error();
    sqlite_options made;
    made.path = to;
    if (auto sound = quick_check(made); !sound) return sound.error();
    return moved_site{fs::file_size(to, ignored), 0};
}

}  // namespace kindred::store
