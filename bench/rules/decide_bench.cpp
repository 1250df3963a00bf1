#include "engine/conditions/evaluate.hpp"
#include "engine/rules/decider.hpp"
#include "engine/rules/ruleset.hpp"

#include <benchmark/benchmark.h>
#include <random>

namespace kindred::rules {
namespace {

/// A ruleset with `routes` routes of two to four conditions each, as the demo's are.
ruleset generated(int routes) {
    std::mt19937 random(7);
    const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    std::string profile =
        "customer:\n  orders: { type: integer, default: 0 }\n  value: { type: number, default: 0 }\n"
        "  country: { type: text }\n  plan: { type: text }\n";
    std::string routing = "routes:\n";
    for (int i = 0; i < routes; ++i) {
        routing += "  - name: route " + std::to_string(i) + "\n    queue: general\n    when:\n";
        routing += "      customer.country: c" + std::to_string(pick(100)) + "\n";
        routing += "      channel.kind: " + std::string(pick(2) == 0 ? "phone" : "email") + "\n";
        if (pick(2) == 0)
            routing += "      customer.plan: [p" + std::to_string(pick(20)) + ", p" + std::to_string(pick(20)) + "]\n";
        if (pick(2) == 0) routing += "      customer.orders: { at_least: " + std::to_string(pick(50)) + " }\n";
    }
    auto outcome =
        load({{"profile.yaml", profile},
              {"queues.yaml", "queues: { general: {} }\n"},
              {"routing.yaml", routing + "fallback: { queue: general }\n"},
              {"segments.yaml",
               "segments:\n  value:\n    groups:\n      - { name: vip, when: { customer.value: { at_least: 5000 } } "
               "}\n      - { name: rest }\n"},
              {"stages.yaml",
               "stages:\n  - { name: new }\n  - { name: buyer, when: { customer.orders: { at_least: 1 } } }\n"}});
    if (!outcome.rules) throw std::runtime_error(settings::to_text(outcome.problems.front()));
    return *outcome.rules;
}

struct person {
    contact about;
    customer who;
    empty_board board;
};

std::vector<person> people() {
    std::mt19937 random(11);
    std::vector<person> all(1000);
    for (auto& each : all) {
        each.about.kind = random() % 2 == 0 ? channel_kind::phone : channel_kind::chat;
        each.about.text = "Where is my order? I need a human.";
        each.who.declared["country"].value = "c" + std::to_string(random() % 120);
        each.who.declared["plan"].value = "p" + std::to_string(random() % 25);
        each.who.declared["orders"].value = static_cast<std::int64_t>(random() % 60);
    }
    return all;
}

void decide_among_routes(benchmark::State& state) {
    const auto rules = generated(static_cast<int>(state.range(0)));
    const auto all = people();
    std::size_t next = 0;
    for (auto _ : state) {
        const auto& each = all[next++ % all.size()];
        benchmark::DoNotOptimize(rules.decide({each.about, each.who, {}, each.board}));
    }
}
BENCHMARK(decide_among_routes)->Arg(10)->Arg(100)->Arg(1000)->Arg(10000);

/// The same match without an index: what decide() is measured against.
void try_each_route_in_order(benchmark::State& state) {
    const auto rules = generated(static_cast<int>(state.range(0)));
    const auto& compiled = rules.compiled();
    const auto all = people();
    std::size_t next = 0;
    for (auto _ : state) {
        const auto& each = all[next++ % all.size()];
        const decision_input input{each.about, each.who, {}, each.board};
        decider placed(compiled, input);
        placed.place_customer();
        for (const auto& route : compiled.routes)
            if (conditions::holds(route.when, placed.facts())) {
                benchmark::DoNotOptimize(&route);
                break;
            }
    }
}
BENCHMARK(try_each_route_in_order)->Arg(10)->Arg(100)->Arg(1000)->Arg(10000);

void decide_with_the_example(benchmark::State& state) {
    const auto outcome = load_folder("tests/rules/example");
    if (!outcome.rules) {
        state.SkipWithError("run from the root of the repository");
        return;
    }
    const auto all = people();
    std::size_t next = 0;
    for (auto _ : state) {
        const auto& each = all[next++ % all.size()];
        benchmark::DoNotOptimize(outcome.rules->decide({each.about, each.who, {}, each.board}));
    }
}
BENCHMARK(decide_with_the_example);

void load_routes(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(generated(static_cast<int>(state.range(0))));
}
BENCHMARK(load_routes)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kindred::rules
