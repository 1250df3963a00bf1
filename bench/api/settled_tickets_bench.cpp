// Writes a store of tickets that are over, as the engine would have: customers with a profile, what they wrote, what
// the rules decided, who worked on it for how long, how it ended and what surveys said. It is written through the
// store's own interface, and rows are made by the code that makes them in the engine. A part of tools/bench-reports.py.
#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/runtime/tickets/decision_record.hpp"
#include "engine/runtime/tickets/reply_context.hpp"
#include "engine/runtime/tickets/ticket_book.hpp"
#include "engine/store/sqlite/sqlite.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <random>

namespace kindred {
namespace {

constexpr std::uint64_t rows_at_once = 5'000;
constexpr duration period = std::chrono::hours{6 * 24};
constexpr std::size_t agents = 200;

struct channel_sample {
    std::string_view name;
    channel_kind kind;
    double pace;  ///< of its work, beside a mail's
};
constexpr std::array<channel_sample, 5> channels{{{"mail", channel_kind::email, 1},
                                                  {"whatsapp", channel_kind::social, 0.6},
                                                  {"chat", channel_kind::chat, 0.5},
                                                  {"phone", channel_kind::phone, 0.4},
                                                  {"forum", channel_kind::forum, 1.4}}};
constexpr std::array<std::string_view, 8> intents{"delivery", "refund",  "setup",  "billing",
                                                  "warranty", "project", "return", "other"};
constexpr std::array<std::string_view, 6> countries{"ES", "MX", "AR", "FR", "CL", "DE"};
constexpr std::array<std::string_view, 5> loves{"light", "design", "app", "people", "price"};

/// The same on every machine: the standard fixes the generator's numbers, unlike its distributions'.
class chance {
public:
    explicit chance(std::uint64_t seed) : random_(seed) {}
    std::uint64_t below(std::uint64_t end) { return random_() % end; }
    bool one_in(std::uint64_t many) { return below(many) == 0; }
    double share() { return static_cast<double>(random_() >> 11U) * 0x1p-53; }
    /// Waits and work: mostly short, some long.
    duration around(double seconds) {
        return duration{static_cast<std::int64_t>(-std::log(1 - share()) * seconds * 1000) + 1};
    }
    template <class List>
    const auto& of(const List& all) {
        return all[below(all.size())];
    }

private:
    std::mt19937_64 random_;
};

/// One line that a ticket will have, in the order of time.
struct coming_line {
    time_point at;
    ticket_id ticket;
    std::uint32_t number = 0;
    std::string kind;
    std::string json;
    bool operator<(const coming_line& other) const {  // of a std::priority_queue: the earliest is the greatest
        return std::tie(other.at, other.ticket.value, other.number) < std::tie(at, ticket.value, number);
    }
};

class settled_store {
public:
    settled_store(store::store& into, const rules::ruleset& rules, std::uint64_t customers, time_point end)
        : into_(into), rules_(rules), customers_(customers), end_(end) {
        written_.id.incarnation.fill(7);
    }

    bool fill(std::uint64_t tickets) {
        for (std::uint64_t number = 1; number <= customers_; ++number) {
            add_customer(person(number));
            if (number % rows_at_once == 0 && !commit()) return false;
        }
        const auto begin = end_ - period;
        for (std::uint64_t number = 1; number <= tickets; ++number) {
            const double share = static_cast<double>(number) / static_cast<double>(tickets + 1);
            const auto at =
                begin + duration{static_cast<std::int64_t>(share * static_cast<double>(period.count()) * 0.95)};
            write_until(at);
            open_ticket(ticket_id{number}, at);
            if (number % (rows_at_once / 10) == 0 && !commit()) return false;
        }
        write_until(time_point::max());
        return commit();
    }

private:
    /// A customer as the shop's events left it: always the same one for a number.
    customer person(std::uint64_t number) const {
        chance random(number * 7'919);
        customer made;
        made.id = customer_id{number};
        made.version = 3;
        made.known = true;
        made.name = "Customer " + std::to_string(number);
        made.language = random.one_in(2) ? "es" : "en";
        made.created_at = end_ - std::chrono::hours{24 * random.below(700)};
        const auto state = [&](std::string_view name, fact_value value) {
            made.declared.emplace(name, attribute{std::move(value), "event:order_placed", made.created_at});
        };
        const auto orders = static_cast<std::int64_t>(random.one_in(3) ? 0 : random.below(12));
        state("orders", orders);
        state("lifetime_value", static_cast<double>(orders * static_cast<std::int64_t>(random.below(40'000))) / 100);
        state("country", std::string(random.of(countries)));
        state("smart_devices", static_cast<std::int64_t>(random.below(3)));
        if (orders > 0) state("first_order_at", made.created_at);
        made.identities = {{"email:c" + std::to_string(number) + "@mail.example", proof::proven},
                           {"phone:+34" + std::to_string(600'000'000 + number), proof::proven}};
        made.contacts = 1;
        made.last_contact_at = end_ - std::chrono::hours{random.below(100)};
        if (random.one_in(5)) made.satisfaction = static_cast<double>(1 + random.below(5));
        return made;
    }

    void add_customer(const customer& who) {
        written_.customers.push_back({who.id, who.version, who.name, to_json(who)});
        for (const auto& each : who.identities) written_.identities.push_back({each.text, who.id});
    }

    std::string agent(bool with_offer, std::uint64_t offer = 0) {
        const auto number = 1 + random_.below(agents);
        json::writer out;
        out.begin_object();
        if (with_offer) out.member("offer", std::to_string(offer));
        out.key("agent").begin_object().member("id", std::to_string(number));
        out.member("name", "Agent " + std::to_string(number)).end_object();
        return out.end_object().take();
    }

    /// What came, as a provider's record is stored.
    channel::record message(const customer& who, const channel_sample& via, time_point at, std::string_view intent) {
        const auto unique = std::to_string(random_.below(std::uint64_t{1} << 60U));
        channel::record made;
        made.event_id = "message:" + unique;
        made.provider_message_id = "wamid.HBgLMTY0NjcwNDM1OTUVAgASGBQzQTdC" + unique;
        made.from = who.identities.back().text.substr(6);
        made.display_name = who.name;
        made.to = "34960000001";
        made.text = "Where is my order " + unique + "? It should have been here last week and I need it for Saturday.";
        for (auto more = random_.below(6); more > 0; --more) *made.text += " The lamp in the hall flickers again, too.";
        made.at = at;
        made.identities = who.identities;
        made.conversation = made.from + '>' + std::string(via.name);
        made.reply_address = made.from;
        json::writer read;
        read.begin_object().member("language", who.language).member("language_p", 0.98);
        if (!intent.empty()) read.member("intent", intent).member("intent_p", 0.83);
        made.add_detail("understood", read.end_object().take());
        return made;
    }

    void open_ticket(ticket_id id, time_point at) {
        const auto who = person(1 + random_.below(customers_));
        const auto& via = random_.of(channels);
        const auto intent = random_.one_in(6) ? std::string_view() : random_.of(intents);
        const auto first = message(who, via, at, intent);
        contact about;
        about.channel_name = via.name;
        about.kind = via.kind;
        about.from = first.from;
        about.to = {first.to};
        about.text = *first.text;
        about.language = who.language;
        about.intent = intent;
        about.received_at = at;
        const auto decided = rules_.decide({about, who, at, board_});
        const auto placed = rules::to_json(decided);
        lines_ = 0;
        id_ = id;
        line(at, "contact", channel::to_stored_json(first));
        line(at, "decision", placed);
        const auto queued = R"({"queue":")" + decided.queue + R"(","because":")";
        line(at, "queued", queued + "enqueued\"}");
        const bool vip = decided.segment_of("value") == "vip";
        at = work_on(at, who, via, vip ? 40 : 400, decided.segment_of("value"));
        if (random_.one_in(20)) {
            line(at += random_.around(30'000), "reopened", R"({"because":"contact"})");
            line(at, "contact", channel::to_stored_json(message(who, via, at, intent)));
            line(at, "decision", placed);
            line(at, "queued", queued + "reopened\"}");
            at = work_on(at, who, via, vip ? 40 : 400, decided.segment_of("value"));
        }
        runtime::ticket row;
        row.id = id;
        row.status = store::ticket_status::resolved;
        row.customer = who.id;
        row.customer_name = who.name;
        row.queue = decided.queue;
        row.channel = via.name;
        row.conversation = first.conversation;
        row.subject = first.text->substr(0, 60);
        row.created_at = about.received_at;
        row.updated_at = row.waiting_since = at;
        row.entries = lines_;
        row.context = runtime::reply_context_of(first, about.language, about.received_at);
        runtime::decision_record record;
        record.priority = decided.priority;
        record.stage = decided.stage;
        record.segments = decided.segments;
        runtime::keep_record(row, record);
        written_.tickets.push_back(runtime::to_row(row, {}));
    }

    /// From a queue to the end: some are moved, put aside, left by their customer or merged.
    time_point work_on(time_point at, const customer& who, const channel_sample& via, double wait,
                       std::string_view value) {
        if (random_.one_in(40)) {
            line(at += random_.around(wait), "abandoned", R"({"because":"hung_up"})");
            return at;
        }
        const auto offer = random_.below(1'000'000'000);
        line(at += random_.around(wait), "offered", agent(true, offer));
        line(at += random_.around(4), "accepted", agent(true, offer));
        if (random_.one_in(25)) {
            line(at += random_.around(60), "transferred", R"({"to":"support"})");
            line(at, "queued", R"({"queue":"support","because":"transferred"})");
            line(at += random_.around(wait), "accepted", agent(true, offer + 1));
        }
        line(at += random_.around(120 * via.pace), "reply",
             R"({"text":"We are sorry. A new one is on its way.",)" + agent(false).substr(1));
        if (random_.one_in(3)) {
            line(at += random_.around(300), "contact", channel::to_stored_json(message(who, via, at, {})));
            line(at += random_.around(200), "reply",
                 R"({"text":"It comes on Friday, before noon.",)" + agent(false).substr(1));
        }
        if (random_.one_in(30)) {
            line(at += random_.around(20), "snoozed", R"({"until":"2026-11-23T10:00:00Z"})");
            line(at += random_.around(3'000), "queued", R"({"queue":"support","because":"woken"})");
            line(at += random_.around(wait), "accepted", agent(true, offer + 2));
        }
        if (random_.one_in(100))
            line(at, "merged", R"({"into":")" + std::to_string(1 + random_.below(id_.value)) + "\"}");
        line(at += random_.around(180 * via.pace * (value == "vip" ? 2 : 1)), "resolved",
             R"({"disposition":"solved",)" + agent(false).substr(1));
        line(at += duration{80}, "delivery",
             R"({"entry":6,"state":"sent","attempts":1,"message_id":"wamid.HBgLMTY0NjcwNDM1"})");
        if (random_.one_in(5)) ask_and_answer(at, value);
        return at;
    }

    void ask_and_answer(time_point& at, std::string_view value) {
        line(
            at, "survey",
            R"({"survey":"how we did","way":"link","text":"How did we do? Please tell us, it takes a minute:","automatic":true,"asked":true,"page":true})");
        if (random_.one_in(3)) return;
        const auto satisfied = std::min<std::uint64_t>(5, 1 + random_.below(5) + (value == "newcomer" ? 0 : 1));
        const auto loved = value == "vip" && !random_.one_in(3) ? "design" : random_.of(loves);
        json::writer out;
        out.begin_object().member("survey", "how we did").member("way", "link").member("first", true).key("answers");
        out.begin_array().begin_object().member("question", "csat").member("kind", "csat").member("value", satisfied);
        out.end_object().begin_object().member("question", "nps").member("kind", "nps");
        out.member("value", random_.below(11)).end_object().begin_object().member("question", "loves");
        out.member("kind", "preference").member("choice", loved).member("text", loved).end_object().end_array();
        line(at += random_.around(7'000), "survey_answer", out.end_object().take());
    }

    void line(time_point at, std::string_view kind, std::string json) {
        coming_.push({at, id_, ++lines_, std::string(kind), std::move(json)});
    }

    /// Lines of all tickets lie in the order in which they come.
    void write_until(time_point at) {
        for (; !coming_.empty() && coming_.top().at < at; coming_.pop()) {
            const auto& next = coming_.top();
            written_.entries.push_back({next.ticket, next.number, next.kind, next.at, next.json});
        }
    }

    bool commit() {
        ++written_.id.number;
        const auto became = into_.commit(written_);
        const auto id = written_.id;
        written_ = {};
        written_.id = id;
        if (became.state == store::commit_state::committed) return true;
        std::fprintf(stderr, "%s\n", became.reason.c_str());
        return false;
    }

    store::store& into_;
    const rules::ruleset& rules_;
    std::uint64_t customers_;
    time_point end_;
    chance random_{1};
    rules::empty_board board_;
    store::batch written_;
    std::priority_queue<coming_line> coming_;
    ticket_id id_;
    std::uint32_t lines_ = 0;
};

}  // namespace
}  // namespace kindred

int main(int count, char** arguments) {
    using namespace kindred;
    const auto number = [&](int place) { return count > place ? std::strtoull(arguments[place], nullptr, 10) : 0; };
    const auto tickets = number(3);
    const auto customers = count > 4 ? number(4) : tickets;
    const auto end = count > 5 ? parse_time(arguments[5]) : std::optional(system_clock().now());
    if (count > 6 || tickets == 0 || customers == 0 || !end) {
        std::fprintf(stderr, "usage: %s FILE RULES TICKETS [CUSTOMERS [END]]\n", arguments[0]);
        return 2;
    }
    const auto loaded = rules::load_folder(arguments[2]);
    if (!loaded.rules) {
        std::fprintf(stderr, "%s: these rules have errors (kindred check)\n", arguments[2]);
        return 3;
    }
    store::sqlite_options where;
    where.path = arguments[1];
    where.sync = store::sync_level::off;
    const auto into = store::open_sqlite(where);
    if (!into || !(*into)->load([](store::ticket_row&&) {})) {
        std::fprintf(stderr, "%s\n", into ? "the store cannot be read" : into.error().message.c_str());
        return 3;
    }
    return settled_store(**into, *loaded.rules, customers, *end).fill(tickets) ? 0 : 3;
}
