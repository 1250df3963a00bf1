#include "engine/store/redis/snapshot_pieces.hpp"

#include "engine/base/deadline.hpp"

namespace kindred::store::redis {
namespace {

using kindred::redis::command;
using kindred::redis::refusal_of;
using kindred::redis::remedy;
using kindred::redis::remedy_for;
using kindred::redis::reply;
using std::chrono::milliseconds;

/// A piece of a snapshot that nobody finished goes by itself after this time.
constexpr std::string_view unfinished_for = "3600";
constexpr milliseconds write_patience{30'000};
constexpr milliseconds read_patience{10'000};
constexpr milliseconds between_tries{250};

}  // namespace

std::string piece_prefix_of(std::string_view site) { return "kindred:{" + std::string(site) + '/'; }

snapshot_pieces::snapshot_pieces(site_log& in, const site_place& at)
    : in_(in), site_(at.site), rule_(at.rule), figures_(at.figures), answer_within_(at.server.answer_within) {
    if (const auto* cluster = std::get_if<kindred::redis::cluster_settings>(&at.way))
        over_.emplace(in.connection().settings(), cluster->servers);
}

void snapshot_pieces::stop() {
    if (over_) over_->stop();
}

std::string snapshot_pieces::key(const std::string& id, std::uint64_t number) const {
    const auto of = std::to_string(number);
    if (id.empty() || id.front() != spread_mark) return in_.key("snapshot:" + id + ':' + of);
    return piece_prefix_of(site_) + id + '/' + of + "}:piece";
}

result<reply> snapshot_pieces::ask(const command& said, bool counts) {
    if (!over_) return in_.ask(said, counts);
    std::vector<command> commands{said};
    const bool waits = counts && rule_.replicas != 0;
    if (waits) commands.push_back({"WAIT", std::to_string(rule_.replicas), std::to_string(rule_.within.count())});
    auto replies = over_->call(said.at(1), commands, answer_within_ + (waits ? rule_.within : milliseconds{0}));
    if (!replies) return replies.error();
    auto& answer = replies->front();
    if (answer.is_refusal()) {
        const bool passes = remedy_for(refusal_of(answer.text)) != remedy::ask_operator;
        return fail(passes ? errc::unavailable : errc::forbidden,
                    "Redis refuses " + said.front() + " of a snapshot's piece: " + answer.text);
    }
    if (waits && replies->at(1).number < static_cast<std::int64_t>(rule_.replicas)) {
        ++figures_->shortfalls;
        over_->look_again();
        return fail(errc::unknown, "too few replicas confirmed a snapshot's piece in time");
    }
    return std::move(answer);
}

template <class Try>
auto snapshot_pieces::patiently(milliseconds most, const Try& once) -> decltype(once()) {
    const auto until = deadline::in(most);
    while (true) {
        auto done = once();
        if (done || !over_ || until.passed()) return done;
        const auto why = done.error().code;
        if (why != errc::unavailable && why != errc::unknown) return done;
        if (over_->wait(between_tries)) return done;
    }
}

result<void> snapshot_pieces::put(const std::string& id, std::uint64_t number, std::string_view bytes) {
    const command said{"SET", key(id, number), std::string(bytes), "EX", std::string(unfinished_for)};
    const auto done = patiently(write_patience, [&] { return ask(said); });
    return done ? result<void>{} : done.error();
}

result<bool> snapshot_pieces::put_again(const std::string& id, std::uint64_t number) {
    const auto there = patiently(write_patience, [&] {
        return ask({"EXPIRE", key(id, number), std::string(unfinished_for)});
    });
    if (!there) return there.error();
    return there->number == 1;
}

result<bool> snapshot_pieces::keep(const std::string& id, std::uint64_t number) {
    // Both each time: PERSIST of one that was kept by a try before writes nothing, and replicas confirm only what a
    // connection wrote.
    return patiently(write_patience, [&]() -> result<bool> {
        const auto there = ask({"EXPIRE", key(id, number), std::string(unfinished_for)});
        if (!there) return there.error();
        if (there->number != 1) return false;
        const auto kept = ask({"PERSIST", key(id, number)}, over_.has_value());
        if (!kept) return kept.error();
        return true;
    });
}

result<std::optional<std::string>> snapshot_pieces::get(const std::string& id, std::uint64_t number) {
    auto piece = patiently(read_patience, [&] { return ask({"GET", key(id, number)}); });
    if (!piece) return piece.error();
    if (piece->kind == kindred::redis::reply_kind::nothing) return std::optional<std::string>{};
    return std::optional(std::move(piece->text));
}

result<snapshot_pieces::state> snapshot_pieces::look(const std::string& id, std::uint64_t number) {
    const auto left = ask({"PTTL", key(id, number)});
    if (!left) return left.error();
    return state{left->number == -1, left->number != -2};
}

result<void> snapshot_pieces::drop(const std::string& id, std::uint64_t count, std::chrono::seconds after) {
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto gone = ask({"EXPIRE", key(id, i), std::to_string(after.count())});
        if (!gone) return gone.error();
    }
    return {};
}

}  // namespace kindred::store::redis
