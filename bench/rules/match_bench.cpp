// Matching, deciding and loading among 10,000 routes, each beside its ceiling in the same run.
#include "bench/rules/bare_index.hpp"
#include "engine/rules/decider.hpp"
#include "engine/rules/ruleset.hpp"

#include <benchmark/benchmark.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace kindred::rules {
namespace {

constexpr std::size_t many_routes = 10'000;
constexpr std::size_t contact_count = 2'000;
constexpr int rounds = 9;

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <class Work>
double seconds_of(Work work) {
    const double begin = cpu_seconds();
    work();
    return cpu_seconds() - begin;
}

/// Both in turns, so that what disturbs one disturbs the other; the median of each.
template <class Ours, class Ceiling>
std::pair<double, double> in_turns(Ours ours, Ceiling ceiling, int count = rounds) {
    std::vector<double> our_times;
    std::vector<double> ceiling_times;
    for (int i = 0; i < count; ++i) {
        ceiling_times.push_back(seconds_of(ceiling));
        our_times.push_back(seconds_of(ours));
    }
    const auto median = [](std::vector<double>& times) {
        std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
        return times[times.size() / 2];
    };
    return {median(our_times), median(ceiling_times)};
}

void report(benchmark::State& state, std::pair<double, double> times, double goal, std::size_t pieces,
            const char* against) {
    state.counters["ratio"] = times.first / times.second;
    state.counters["goal"] = goal;
    state.counters["lower_is_better"] = 1;
    state.counters["ours_us"] = times.first / static_cast<double>(pieces) * 1e6;
    state.counters["ceiling_us"] = times.second / static_cast<double>(pieces) * 1e6;
    state.SetLabel(against);
}

ruleset loaded_ruleset(const rule_files& files) {
    auto outcome = load(files);
    if (!outcome.rules) throw std::runtime_error(settings::to_text(outcome.problems.front()));
    return *outcome.rules;
}

customer person_of(const generated::contact_values& values) {
    customer made;
    made.known = true;
    for (std::size_t i = 0; i < values.texts.size(); ++i)
        made.declared[generated::text_name(static_cast<int>(i))].value = generated::text_value(values.texts[i]);
    for (std::size_t i = 0; i < values.tags.size(); ++i) {
        std::vector<std::string> tags;
        for (const int each : values.tags[i]) tags.push_back(generated::tag(each));
        made.declared[generated::list_name(static_cast<int>(i))].value = std::move(tags);
    }
    for (std::size_t i = 0; i < values.amounts.size(); ++i)
        made.declared[generated::number_name(static_cast<int>(i))].value = values.amounts[i];
    return made;
}

/// One contact whose facts are interned, ready to be matched.
class prepared {
public:
    prepared(const compiled_rules& rules, const generated::contact_values& values)
        : who_(person_of(values)),
          input_{about_, who_, {}, board_},
          source_(rules, rules.readers, input_),
          facts_(rules.catalog, rules.words, source_, {}) {
        for (std::size_t i = 0; i < rules.catalog.size(); ++i) facts_.symbols(static_cast<conditions::fact_id>(i));
    }
    prepared(const prepared&) = delete;
    prepared& operator=(const prepared&) = delete;

    conditions::fact_table& facts() { return facts_; }

private:
    contact about_;
    customer who_;
    empty_board board_;
    decision_input input_;
    contact_facts source_;
    conditions::fact_table facts_;
};

constexpr std::size_t times_each = 20;

/// A decision matches facts that it has just read: what is matched here lies in the cache as well, as do rules that are
/// used all the time.
template <class Match>
void some_at_a_time(Match match) {
    constexpr std::size_t some = 20;
    for (std::size_t begin = 0; begin < contact_count; begin += some)
        for (std::size_t again = 0; again < times_each; ++again)
            for (std::size_t i = begin; i < begin + some; ++i) match(i);
}

void match(benchmark::State& state, bool look_at_all) {
    generated::source drawn(1);
    const auto routes = drawn.routes(many_routes);
    const auto contacts = drawn.contacts(contact_count);
    const auto rules = loaded_ruleset(generated::ruleset_files(routes));
    const auto& index = *rules.compiled().index;
    const generated::bare_index bare_index(routes);
    std::vector<std::unique_ptr<prepared>> ours;
    std::vector<generated::bare_contact> bare;
    for (const auto& each : contacts) {
        ours.push_back(std::make_unique<prepared>(rules.compiled(), each));
        bare.push_back(generated::bare(each));
    }
    std::size_t all_there = 0;
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        const auto found = index.first(ours[i]->facts(), [](std::size_t) { return true; });
        const auto expected = bare_index.first(bare[i]);
        if (*found != std::min<std::size_t>(expected, many_routes)) throw std::runtime_error("the two do not agree");
        all_there += *found < many_routes ? 1 : 0;
    }
    state.counters["matched"] = static_cast<double>(all_there) / static_cast<double>(contacts.size());
    for (auto _ : state) {
        const auto times = in_turns(
            [&] {
                some_at_a_time([&](std::size_t i) {
                    const auto accept = [&](std::size_t place) { return !look_at_all || place == many_routes; };
                    benchmark::DoNotOptimize(index.first(ours[i]->facts(), accept));
                });
            },
            [&] {
                some_at_a_time(
                    [&](std::size_t i) { benchmark::DoNotOptimize(bare_index.first(bare[i], look_at_all)); });
            });
        report(state, times, 2, contact_count * times_each, "a bare bucket index on the same predicates");
    }
}

void match_among_10000_routes(benchmark::State& state) { match(state, false); }
void match_among_10000_routes_that_none_holds(benchmark::State& state) { match(state, true); }
BENCHMARK(match_among_10000_routes)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(match_among_10000_routes_that_none_holds)->Iterations(1)->Unit(benchmark::kMillisecond);

void decision_with_10000_routes(benchmark::State& state) {
    generated::source drawn(1);
    const auto routes = drawn.routes(many_routes);
    const auto contacts = drawn.contacts(contact_count);
    const auto many = loaded_ruleset(generated::ruleset_files(routes));
    const auto few = loaded_ruleset(generated::ruleset_files({routes.begin(), routes.begin() + 10}));
    std::vector<customer> people;
    for (const auto& each : contacts) people.push_back(person_of(each));
    const contact about;
    const empty_board board;
    const auto decide_all = [&](const ruleset& rules) {
        for (const auto& each : people) benchmark::DoNotOptimize(rules.decide({about, each, {}, board}));
    };
    for (auto _ : state)
        report(state, in_turns([&] { decide_all(many); }, [&] { decide_all(few); }), 3, people.size(),
               "the same with 10 routes");
}
BENCHMARK(decision_with_10000_routes)->Iterations(1)->Unit(benchmark::kMillisecond);

class deaf final : public YAML::EventHandler {
public:
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

void load_10000_routes(benchmark::State& state) {
    const auto files = generated::ruleset_files(generated::source(1).routes(many_routes));
    const auto& routing =
        *std::find_if(files.begin(), files.end(), [](const auto& each) { return each.path == "routing.yaml"; });
    for (auto _ : state)
        report(state,
               in_turns([&] { loaded_ruleset(files); },
                        [&] {
                            std::istringstream stream(routing.bytes);
                            YAML::Parser parser(stream);
                            deaf nobody;
                            while (parser.HandleNextDocument(nobody)) {
                            }
                        },
                        5),
               3, 1, "a pass of yaml-cpp's event parser over the same file");
}
BENCHMARK(load_10000_routes)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kindred::rules
