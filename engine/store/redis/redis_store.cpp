#include "engine/store/redis/redis_store.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/log.hpp"
#include "engine/store/batch_codec.hpp"
#include "engine/store/redis/put_back.hpp"
#include "engine/store/redis/server_checks.hpp"

#include <algorithm>

namespace kindred::store::redis {
namespace {

constexpr std::size_t records_at_once = 64;

}  // namespace

result<std::unique_ptr<redis_store>> redis_store::open(const redis_options& options) {
    auto copy = local_copy::open(options.copy);
    if (!copy) return copy.error();
    std::unique_ptr<redis_store> made(new redis_store(options, std::move(*copy)));
    if (auto opened = made->tail_.open(); !opened) return opened.error();
    made->intake_.belongs_to(made->copy_.place().site_uid);
    if (auto opened = made->intake_.open(); !opened) return opened.error();
    if (const auto fit = prepare_servers(made->beside_.connection(), options); !fit) return fit.error();
    if (made->files_)
        if (const auto fit = made->files_->check(); !fit) return fit.error();
    return made;
}

redis_store::redis_store(const redis_options& options, local_copy copy)
    : options_(options),
      at_(place_of(options)),
      nonce_(to_hex(random_bytes(16))),
      copy_(std::move(copy)),
      tail_(options.copy.path + "-tail", options.tail_bytes, options.erase_within, options.replaced_within),
      log_(at_),
      beside_(at_, "beside"),
      board_(at_, options_),
      intake_(beside_, at_, options),
      inbox_(at_, "inbox"),
      accounts_(beside_) {
    if (options_.files_in_redis)
        files_.emplace(
            at_, options_, [this] { return surely_leads(); },
            [this] { return log_.connection().connects() + beside_.connection().connects(); });
}

redis_store::~redis_store() { options_.figures->leads = 0; }

result<bool> redis_store::surely_leads() {
    if (!lease_ || lease_->is_lost()) return false;
    const auto held = beside_.renew(lease_->token(), options_.lease);
    if (!held && held.error().code != errc::fenced) return held.error();
    return static_cast<bool>(held);
}

result<bool> redis_store::lead(std::chrono::milliseconds patience) {
    if (lease_) return !lease_->is_lost();
    const lease_claim claim{options_.node, options_.address, nonce_, options_.lease};
    auto answer = log_.look(claim);
    // Before it is led: a Redis that lost everything would give this node the lease of a new site.
    if (answer)
        if (const auto same = is_of(answer->site_uid, answer->end); !same) return same.error();
    if (answer && answer->is_free && board_.is_my_turn(log_, answer->owner)) answer = log_.acquire(claim);
    if (!answer) return answer.error();
    if (answer->granted) {
        if (auto begun = begin_to_lead(*answer); !begun) return begun.error();
        return true;
    }
    {
        const std::lock_guard hold(leader_mutex_);
        leader_ = {answer->owner, answer->address, answer->epoch, answer->left, answer->site_uid};
    }
    options_.figures->epoch = answer->epoch;
    if (!answer->is_free) board_.note_led();
    auto followed = follow_leader(*answer, patience);
    // It is another one's turn.
    if (followed && answer->is_free) (void)log_.wait_for_leader(answer->epoch, patience);
    return followed;
}

result<bool> redis_store::follow_leader(const lease_answer& led, std::chrono::milliseconds patience) {
    const auto same = is_of(led.site_uid, led.end);
    if (!same) return same.error();
    // What Redis lacks the leader may have, and put back; it has as long for that as for a lease.
    const bool waits = !*same && is_ahead_of(led.end);
    if (!*same && !waits)
        if (auto made = start_copy_again("Redis has lost what it had"); !made) return made.error();
    if (*same) ahead_of_.reset();
    // Also before its first batch: a Redis that has lost all of it is not this site.
    if (copy_.place().site_uid.empty() && !led.site_uid.empty()) copy_.belongs_to(led.site_uid);
    const auto followed = follow(led.site_uid, led.end, std::min(patience, led.left), led.epoch);
    if (!followed) return followed.error();
    intake_.belongs_to(copy_.place().site_uid);
    const auto has = copy_.place().end.seq;
    options_.figures->batches_behind = led.end.seq > has ? led.end.seq - has : 0;
    look_for_lost_items();
    // Should it fail, load() reads them, or says why not.
    if (has >= led.end.seq && !open_rows_.are_filled()) (void)open_rows_.fill(copy());
    tail_.tidy();
    intake_.tidy();
    tell_how_far();
    return false;
}

/// Whether the copy goes on from that end, and has not done so for longer than a lease while another node leads.
bool redis_store::is_ahead_of(const log_end& end) {
    const auto now = std::chrono::steady_clock::now();
    if (ahead_of_ == end) return now - ahead_since_ < options_.lease;
    if (!tail_.between(end, copy_.place().end)) return false;
    ahead_of_ = end;
    ahead_since_ = now;
    return true;
}

/// For `kindred cluster status` alone: nothing goes by it.
void redis_store::tell_how_far() {
    constexpr std::chrono::seconds every{1};
    const auto now = std::chrono::steady_clock::now();
    if (now - told_ < every) return;
    told_ = now;
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const auto said = std::to_string(copy_.place().end.seq) + ' ' +
                      std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
    (void)log_.ask({"HSET", log_.key(nodes_table), options_.node, said}, false);
    if (const auto batches = log_.batches()) options_.figures->log_batches = *batches;
}

result<void> redis_store::begin_to_lead(const lease_answer& granted) {
    // From here on it is renewed, and handed on again should the rest fail.
    lease_.emplace(at_, lease_token{granted.epoch, nonce_}, options_.lease, &board_);
    board_.note_leading();
    board_.note_led();
    leads_ = true;
    auto done = catch_up(granted.site_uid, granted.end);
    const auto logged = done ? log_.bytes() : done.error();
    if (!logged) {
        leads_ = false;
        lease_.reset();
        return logged.error();
    }
    (void)log_.ask({"HDEL", log_.key(nodes_table), options_.node}, false);
    if (const auto batches = log_.batches()) options_.figures->log_batches = *batches;
    snapshotter_.emplace(at_, *lease_, options_, *logged);
    auto& figures = *options_.figures;
    figures.leads = 1;
    figures.epoch = granted.epoch;
    figures.batches_behind = 0;
    ++figures.take_overs;
    intake_.belongs_to(copy_.place().site_uid);
    look_for_lost_items();
    const std::lock_guard hold(leader_mutex_);
    leader_ = {options_.node, options_.address, granted.epoch, options_.lease, granted.site_uid};
    return {};
}

bool redis_store::is_followed() {
    const auto others = board_.is_followed(beside_);
    return others && *others;
}

result<std::optional<leader>> redis_store::successor(std::chrono::milliseconds patience) {
    const lease_claim claim{options_.node, options_.address, nonce_, options_.lease};
    const auto until = std::chrono::steady_clock::now() + patience;
    while (true) {
        const auto said = beside_.look(claim);
        if (!said) return said.error();
        if (said->left.count() > 0 && said->epoch != lease_->token().epoch)
            return leader{said->owner, said->address, said->epoch, said->left, said->site_uid};
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) return std::nullopt;
        if (const auto heard = beside_.wait_for_leader(lease_->token().epoch, left); !heard) return heard.error();
    }
}

leader redis_store::current_leader() const {
    const std::lock_guard hold(leader_mutex_);
    return leader_;
}

/// Whether the copy lies on the way to that end; errc::conflict when it is of another site.
result<bool> redis_store::is_of(const std::string& site_uid, const log_end& end) {
    const auto& place = copy_.place();
    if (place.site_uid.empty()) return true;
    if (place.site_uid != site_uid)
        return fail(errc::conflict,
                    options_.copy.path + ": is the copy of another site than the one that Redis has as \"" +
                        options_.site +
                        "\". Either Redis lost everything (bring its append-only file back), or the configuration "
                        "names another Redis or site, or this copy is old (move it away)");
    const bool is_ahead = place.end.seq > end.seq;
    return !is_ahead && (place.end.seq != end.seq || place.end.last == end.last);
}

/// Others may be reading it: then this node gives up its lead, and whoever opens the store again gets a new copy.
result<void> redis_store::may_replace_copy() {
    if (!is_read_) return {};
    lease_->lose();
    return fail(errc::fenced, "this node's copy is not what Redis has: it has to be opened again");
}

/// Of the batches that do not fit into the log any more: contacts that Redis does not know. They lie in the files that
/// are set aside.
void redis_store::tell_what_is_lost() {
    constexpr std::size_t most_named = 20;
    const auto lost = unknown_contacts(log_, tail_.all());
    if (!lost) return log::warn("what is lost with it cannot be told", {{"err", lost.error().message}});
    options_.figures->contacts_lost += lost->size();
    for (std::size_t i = 0; i < std::min(lost->size(), most_named); ++i)
        log::error("a contact that was acknowledged is in no log any more",
                   {{"channel", (*lost)[i].space}, {"event", (*lost)[i].id}});
}

result<void> redis_store::start_copy_again(const std::string& why) {
    if (auto may = may_replace_copy(); !may) return may;
    open_rows_.clear();
    const auto aside = copy_.start_again();
    if (!aside) return aside.error();
    tell_what_is_lost();
    if (auto moved = tail_.set_aside(*aside + "-tail"); !moved) return moved;
    ahead_of_.reset();
    ++options_.figures->copies_set_aside;
    log::error("this node's copy is set aside and made anew", {{"because", why}, {"set_aside", *aside}});
    return {};
}

result<void> redis_store::catch_up(const std::string& site_uid, const log_end& end) {
    const auto same = is_of(site_uid, end);
    if (!same) return same.error();
    const auto back = *same ? result<bool>(true) : put_back(end, copy_.place().end);
    if (!back) return back.error();
    if (!*same && *back) {
        end_ = copy_.place().end;
        return {};
    }
    if (!*same) {
        const auto& place = copy_.place();
        const auto lost = place.end.seq > end.seq ? place.end.seq - end.seq : 0;
        if (auto made = start_copy_again("Redis has lost what it had, at least " + std::to_string(lost) + " batches");
            !made)
            return made;
    }
    while (copy_.place().end.seq < end.seq) {
        const auto more = follow(site_uid, end, std::chrono::milliseconds{0});
        if (!more) return more.error();
        if (*more == 0)
            return fail(errc::corrupt,
                        "the log in Redis lacks batches behind " + std::to_string(copy_.place().end.seq));
    }
    if (copy_.place().end != end && end.seq != 0)
        return fail(errc::corrupt, "the log in Redis does not end as its head says");
    if (copy_.place().site_uid.empty()) copy_.belongs_to(site_uid);
    end_ = end;
    return {};
}

/// Brings in what the log has behind the copy, or a snapshot where the log no longer goes back so far. 0: there was
/// nothing.
result<std::size_t> redis_store::follow(const std::string& site_uid, const log_end& end,
                                        std::chrono::milliseconds patience, std::optional<std::uint64_t> led_under) {
    const auto at = copy_.place().end.seq;
    const auto records =
        log_.read(at, records_at_once, at < end.seq ? std::chrono::milliseconds{0} : patience, led_under);
    if (!records) return records.error();
    const bool lacks = records->empty() ? at < end.seq : records->front().seq > at + 1;
    if (lacks) return begin_with_snapshot(site_uid);
    for (const auto& each : *records) {
        const auto& place = copy_.place().end;
        if (each.seq != place.seq + 1 || each.before != place.last) {
            if (auto made = start_copy_again("the log in Redis is not the one that it followed"); !made)
                return made.error();
            return 1;
        }
        auto decoded = decode_batch(each.bytes);
        if (!decoded) return decoded.error();
        const auto changes = std::make_shared<const batch>(std::move(*decoded));
        tail_.add(each, !changes->erased.empty());
        if (!changes->erased.empty()) intake_.forget_soon();
        const auto outcome = copy_.apply(changes, copy_place{site_uid, {each.seq, each.id}});
        if (outcome.state != commit_state::committed)
            return fail(errc::unavailable, "the copy does not follow: " + outcome.reason);
        undecided_.forget(changes->consumed);
        open_rows_.follow(*changes);
        for (const auto& gone : changes->kept)
            if (files_ && gone.kind == gone_file_rows) files_->drop_here(gone.id);
    }
    return records->size();
}

result<std::size_t> redis_store::begin_with_snapshot(const std::string& site_uid) {
    snapshots in(log_, at_);
    const auto newest = in.newest();
    if (!newest) return newest.error();
    if (!*newest || (*newest)->end.seq <= copy_.place().end.seq) return 0;
    if (const auto may = may_replace_copy(); !may) return may.error();
    const auto file = options_.copy.path + ".fetched";
    if (const auto fetched = in.fetch(**newest, file); !fetched) return fetched.error();
    const auto place = place_in(file);
    if (!place) return place.error();
    if (*place != copy_place{site_uid, (*newest)->end})
        return fail(errc::corrupt, "the snapshot in Redis is not what it says that it is");
    open_rows_.clear();
    if (const auto taken = copy_.replace_by(file); !taken) return taken.error();
    // What was erased since may be among what this node noted before.
    tail_.forget_soon();
    intake_.forget_soon();
    log::info("the copy begins with a snapshot", {{"seq", (*newest)->end.seq}, {"bytes", (*newest)->plain}});
    return 1;
}

result<open_state> redis_store::load(const std::function<void(ticket_row&&)>& each_open) {
    if (!lease_ || lease_->is_lost()) return fail(errc::fenced, "another node leads this site");
    // Asked again under our nonce, the lease says where the log ends: a batch of unknown outcome may be in it.
    const auto answer = log_.acquire({options_.node, options_.address, nonce_, options_.lease});
    if (!answer) return answer.error();
    if (!answer->granted || answer->epoch != lease_->token().epoch) {
        lease_->lose();
        return fail(errc::fenced, "another node leads this site");
    }
    if (const auto done = catch_up(answer->site_uid, answer->end); !done) return done.error();
    snapshotter_->look_again();
    is_read_ = true;
    const bool has_rows = open_rows_.are_filled();
    auto opened = copy().load(has_rows ? nullptr : each_open);
    if (!opened) return opened;
    if (has_rows && each_open) open_rows_.give(each_open);
    auto undecided = beside_.undecided();
    if (!undecided) return undecided.error();
    {
        // Whoever reads the inbox decides them, also what it was given before it asked for everything again.
        const std::lock_guard hold(inbox_mutex_);
        if (!inbox_is_read_) undecided_.replace(*undecided);
    }
    opened->undecided = std::move(*undecided);
    if (const auto done = accounts_.copy_to(copy(), opened->agent_rows); !done) return done.error();
    return opened;
}

result<void> redis_store::put_session(const session_row& session) {
    if (auto done = accounts_.put(session); !done) return done;
    return copy().put_session(session);
}

result<void> redis_store::drop_sessions(std::string_view hash_or_empty, agent_id agent) {
    if (auto done = accounts_.drop_sessions(hash_or_empty, agent); !done) return done;
    return copy().drop_sessions(hash_or_empty, agent);
}

result<void> redis_store::put_token(const token_row& token) {
    if (auto done = accounts_.put(token); !done) return done;
    return copy().put_token(token);
}

result<bool> redis_store::trim(time_point before, time_point now) {
    tail_.tidy();
    intake_.tidy();
    if (auto done = accounts_.trim(now); !done) return done.error();
    return copy().trim(before, now);
}

}  // namespace kindred::store::redis

namespace kindred::store {

result<std::unique_ptr<shared_store>> open_redis(const redis_options& options) {
    auto opened = redis::redis_store::open(options);
    if (!opened) return opened.error();
    return std::unique_ptr<shared_store>(std::move(*opened));
}

}  // namespace kindred::store
