// The same 10,000 routes for other rule engines: tools/bench-rules.py runs them.
//
//   rules_peers_bench DIR [ROUTES]     writes DIR/rules (a ruleset), DIR/rules.json, DIR/contacts.json and
//   DIR/rules.clp,
//                                      decides each contact itself, and prints the routes found and microseconds of CPU
//                                      each
#include "bench/rules/generated_rules.hpp"
#include "engine/base/json.hpp"
#include "engine/rules/ruleset.hpp"

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace kindred::rules {
namespace {

using namespace generated;

constexpr std::size_t contact_count = 200;
constexpr std::size_t own_tests = 40;

void write_file(const std::filesystem::path& path, const std::string& bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    if (!(file << bytes) || !file.flush()) throw std::runtime_error(path.string() + ": cannot be written");
}

std::string rules_json(const std::vector<route>& routes) {
    json::writer out;
    out.begin_array();
    for (const auto& each : routes) {
        out.begin_array();
        for (const auto& asked : each) {
            out.begin_object().member("fact", fact_of(asked).substr(std::string("customer.").size()));
            if (asked.what == kind::range) {
                out.member("least", asked.least).member("most", asked.most);
            } else {
                out.member("has", asked.what == kind::has_tag).key("values").begin_array();
                for (const int value : asked.values)
                    out.value(asked.what == kind::has_tag ? tag(value) : text_value(value));
                out.end_array();
            }
            out.end_object();
        }
        out.end_array();
    }
    out.end_array();
    return out.take();
}

void write_contact(json::writer& out, const contact_values& from) {
    out.begin_object();
    for (std::size_t i = 0; i < from.texts.size(); ++i)
        out.member(text_name(static_cast<int>(i)), text_value(from.texts[i]));
    for (std::size_t i = 0; i < from.tags.size(); ++i) {
        out.key(list_name(static_cast<int>(i))).begin_array();
        for (const int each : from.tags[i]) out.value(tag(each));
        out.end_array();
    }
    for (std::size_t i = 0; i < from.amounts.size(); ++i) out.member(number_name(static_cast<int>(i)), from.amounts[i]);
    out.end_object();
}

/// A constraint on a slot in CLIPS. The same fact may be asked for twice: constraints on one slot are joined by &.
std::string clips_constraint(const predicate& asked, std::size_t number) {
    if (asked.what == kind::range) {
        const auto name = "?n" + std::to_string(number);
        return name + "&:(and (>= " + name + ' ' + decimal(asked.least) + ") (<= " + name + ' ' + decimal(asked.most) +
               "))";
    }
    if (asked.what == kind::has_tag) return "$? " + tag(asked.values.front()) + " $?";
    std::string all;
    for (const int each : asked.values) all += (all.empty() ? "" : "|") + text_value(each);
    return all;
}

/// Predicates on a slot that the pattern has already become patterns of the same contact by its number.
std::string clips_rules(const std::vector<route>& routes) {
    std::string out = "(defglobal ?*found* = -1 ?*contact* = FALSE)\n(deftemplate contact (slot id)";
    for (std::size_t i = 0; i < text_sizes.size(); ++i) out += " (slot " + text_name(static_cast<int>(i)) + ")";
    for (int i = 0; i < tag_lists; ++i) out += " (multislot " + list_name(i) + ")";
    for (int i = 0; i < numbers; ++i) out += " (slot " + number_name(i) + ")";
    out += ")\n";
    for (std::size_t i = 0; i < routes.size(); ++i) {
        std::vector<std::string> patterns;
        std::vector<std::string> used;
        for (std::size_t j = 0; j < routes[i].size(); ++j) {
            const auto slot = fact_of(routes[i][j]).substr(std::string("customer.").size());
            const auto constraint = "(" + slot + ' ' + clips_constraint(routes[i][j], j) + ")";
            std::size_t at = 0;
            while (at < used.size() && used[at].find(' ' + slot + ' ') != std::string::npos) ++at;
            if (at == patterns.size()) {
                patterns.emplace_back("(contact (id ?id)");
                used.emplace_back(" ");
            }
            patterns[at] += ' ' + constraint;
            used[at] += slot + ' ';
        }
        out += "(defrule route-" + std::to_string(i) + " (declare (salience " +
               std::to_string(static_cast<long>(routes.size() - i)) + "))";
        for (const auto& each : patterns) out += ' ' + each + ')';
        out += " => (bind ?*found* " + std::to_string(i) + "))\n";
    }
    return out;
}

/// A command a line, as CLIPS reads batches; an empty line after each contact.
std::string clips_contacts(const std::vector<contact_values>& contacts) {
    std::string out;
    for (const auto& each : contacts) {
        out += "(bind ?*found* -1)\n(bind ?*contact* (assert (contact (id 1)";
        for (std::size_t i = 0; i < each.texts.size(); ++i)
            out += " (" + text_name(static_cast<int>(i)) + ' ' + text_value(each.texts[i]) + ")";
        for (std::size_t i = 0; i < each.tags.size(); ++i) {
            out += " (" + list_name(static_cast<int>(i));
            for (const int value : each.tags[i]) out += ' ' + tag(value);
            out += ")";
        }
        for (std::size_t i = 0; i < each.amounts.size(); ++i)
            out += " (" + number_name(static_cast<int>(i)) + ' ' + decimal(each.amounts[i]) + ")";
        out += ")))\n(run 1)\n(retract ?*contact*)\n(printout t \"found \" ?*found* crlf)\n\n";
    }
    return out;
}

customer person_of(const contact_values& values) {
    customer made;
    made.known = true;
    for (std::size_t i = 0; i < values.texts.size(); ++i)
        made.declared[text_name(static_cast<int>(i))].value = text_value(values.texts[i]);
    for (std::size_t i = 0; i < values.tags.size(); ++i) {
        std::vector<std::string> tags;
        for (const int each : values.tags[i]) tags.push_back(tag(each));
        made.declared[list_name(static_cast<int>(i))].value = std::move(tags);
    }
    for (std::size_t i = 0; i < values.amounts.size(); ++i)
        made.declared[number_name(static_cast<int>(i))].value = values.amounts[i];
    return made;
}

/// What each contact's whole decision says, and how long one takes.
void decide(const rule_files& files, const std::vector<contact_values>& contacts) {
    const auto outcome = load(files);
    if (!outcome.rules) throw std::runtime_error(settings::to_text(outcome.problems.front()));
    std::vector<customer> people;
    for (const auto& each : contacts) people.push_back(person_of(each));
    const contact about;
    const empty_board board;
    json::writer out;
    out.begin_object().key("found").begin_array();
    for (const auto& each : people) out.value(outcome.rules->decide({about, each, {}, board}).route);
    out.end_array();
    constexpr int rounds = 20;
    const auto begin = std::clock();
    for (int i = 0; i < rounds; ++i)
        for (const auto& each : people)
            if (outcome.rules->decide({about, each, {}, board}).queue.empty()) throw std::runtime_error("no queue");
    const auto took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC * 1e6;
    out.member("us", took / rounds / static_cast<double>(people.size())).end_object();
    std::cout << out.text() << '\n';
}

void run(const std::filesystem::path& folder, std::size_t count) {
    source drawn(1);
    const auto routes = drawn.routes(count);
    const auto contacts = drawn.contacts(contact_count);
    const auto files = ruleset_files(routes, own_tests);
    for (const auto& each : files) write_file(folder / "rules" / each.path, each.bytes);
    write_file(folder / "rules.json", rules_json(routes));
    write_file(folder / "rules.clp", clips_rules(routes));
    write_file(folder / "contacts.clp", clips_contacts(contacts));
    json::writer out;
    out.begin_array();
    for (const auto& each : contacts) write_contact(out, each);
    out.end_array();
    write_file(folder / "contacts.json", out.text());
    decide(files, contacts);
}

}  // namespace
}  // namespace kindred::rules

int main(int argc, char** argv) {
    // tools/run-benches calls every bench with options of its own; this one is started by a script.
    if (argc < 2 || argv[1][0] == '-') {
        std::cerr << "rules_peers_bench DIR [ROUTES]\n";
        return 2;
    }
    try {
        kindred::rules::run(argv[1], argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10'000);
    } catch (const std::exception& failed) {
        std::cerr << failed.what() << '\n';
        return 1;
    }
}
