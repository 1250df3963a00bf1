#include "engine/runtime/arrivals/asking_reader.hpp"

#include "engine/runtime/arrivals/quarantine.hpp"

#include <exception>

namespace kindred::runtime {
namespace {

/// A certificate, then the mail that it lets us believe in: more rounds than this are a bug.
constexpr unsigned most_rounds = 4;

/// One request on its way through the rounds.
struct rounds {
    inquiries& from;
    const clock& now;
    reading what;
    read_done then;
    channel::inquiry_answers known{};
    unsigned count = 0;
};

void go_on(const std::shared_ptr<rounds>& of, result<channel::reception> said) {
    const bool asks = said && !said->asks.empty() && !(said->asks_may_wait && of->what.stop_where_it_may_wait);
    if (!asks) return of->then(std::move(said));
    if (++of->count > most_rounds)
        return of->then(fail(errc::unknown, "the " + of->what.via->connector + " connector asks on and on"));
    of->from.ask(of->what.via->name, said->asks, [of](channel::inquiry_answers answers) {
        for (auto& [key, answer] : answers) of->known.insert_or_assign(key, std::move(answer));
        go_on(of, read_once(of->what, of->known, of->now.now()));
    });
}

}  // namespace

result<channel::reception> read_once(const reading& what, const channel::inquiry_answers& known, time_point now) {
    auto request = as_request(*what.raw);
    request.answers = &known;
    request.looked_at = now;
    try {
        return what.via->works->receive(request, what.arrived);
    } catch (const std::exception& bug) {
        return fail(errc::unknown, "the " + what.via->connector + " connector failed: " + bug.what());
    }
}

void read_asking(inquiries& from, const clock& now, const reading& what, const read_done& then) {
    read_on(from, now, what, read_once(what, {}, now.now()), then);
}

void read_on(inquiries& from, const clock& now, const reading& what, result<channel::reception> said,
             const read_done& then) {
    if (!said || said->asks.empty()) return then(std::move(said));
    go_on(std::make_shared<rounds>(rounds{from, now, what, then}), std::move(said));
}

}  // namespace kindred::runtime
