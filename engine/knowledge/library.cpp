#include "engine/knowledge/library.hpp"

#include "engine/base/text.hpp"
#include "engine/knowledge/head.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace kindred::knowledge {
namespace {

using settings::field;
using settings::node;
using settings::node_kind;

settings::shape make_head_shape(text_kind kind) {
    namespace shapes = settings::shapes;
    std::vector<settings::key_shape> keys{
        shapes::required("id", shapes::name().meaning("unique together with the language")),
        shapes::optional("title", shapes::text().meaning("the first heading unless said")),
        shapes::optional("for", shapes::condition("fit").meaning("whom it fits; more entries win over fewer"))};
    if (kind == text_kind::article)
        keys.push_back(shapes::optional("questions", shapes::list_or_one(shapes::name()).meaning("other ways to ask")));
    return shapes::section(std::move(keys));
}

/// The first heading of the Markdown, without its marks.
std::string first_heading(std::string_view body) {
    for (const auto line : split(body, '\n')) {
        if (!line.starts_with('#')) continue;
        const auto begin = line.find_first_not_of('#');
        if (begin != std::string_view::npos) return std::string(trim(line.substr(begin)));
    }
    return {};
}

/// How many values an entry of `for` admits: the fewer, the more it says.
std::size_t count_alternatives(const node& value) {
    if (value.kind == node_kind::list) return value.items.size();
    if (value.kind != node_kind::mapping) return 1;
    std::size_t most = 1;
    for (const auto& each : value.members) most = std::max(most, count_alternatives(each.value));
    return most;
}

void read_language(const field& given, const std::vector<std::string>& site_languages, entry& into) {
    const auto language = given.text_not_empty();
    if (!language) return;
    const bool known = site_languages.empty() ||
                       std::find(site_languages.begin(), site_languages.end(), *language) != site_languages.end();
    if (!known)
        given.error("\"" + *language + "\" is not a language of the site (site.yaml)" +
                    settings::suggestion(*language, site_languages));
    into.language = *language;
}

void read_fits(const field& given, const conditions::parse_context& context,
               const std::vector<std::string>& site_languages, entry& into) {
    into.fits = {conditions::condition_group{}, 0};
    if (given.raw() == nullptr) return;
    if (!given.is_mapping()) {
        given.error("must be a mapping from facts to what they must be");
        return;
    }
    node rest = *given.raw();
    std::erase_if(rest.members, [](const settings::member& each) { return each.key == "language"; });
    if (const auto* language = given.raw()->find("language"))
        read_language(field(given.file(), "language", language, given.found()), site_languages, into);
    into.entries = given.raw()->members.size();
    for (const auto& each : given.raw()->members) into.alternatives += count_alternatives(each.value);
    into.fits = conditions::parse_condition(field(given.file(), "for", &rest, given.found()), context);
}

/// Whether an entry may be shown to someone who reads `language`.
bool speaks(const entry& each, std::string_view language) { return each.language.empty() || each.language == language; }

}  // namespace

const settings::shape& head_shape(text_kind kind) {
    static const auto script = make_head_shape(text_kind::script);
    static const auto article = make_head_shape(text_kind::article);
    return kind == text_kind::script ? script : article;
}

std::string_view name_of(text_kind kind) { return kind == text_kind::script ? "script" : "article"; }

std::vector<std::string> language_order(std::string_view contact, std::string_view customer,
                                        std::string_view fallback) {
    std::vector<std::string> order;
    for (const auto language : {contact, customer, fallback})
        if (!language.empty() && std::find(order.begin(), order.end(), language) == order.end())
            order.emplace_back(language);
    return order;
}

void library::add(text_kind kind, std::string_view file, std::string_view bytes,
                  const conditions::parse_context& context, const std::vector<std::string>& site_languages,
                  settings::problems& found) {
    const auto parts = split_head(file, bytes, found);
    if (!parts) return;
    entry fresh;
    fresh.kind = kind;
    fresh.file = file;
    auto head = field(file, "", &parts->head, found, {1, 1}).shaped(head_shape(kind)).as_section();
    const auto id = head.require("id");
    if (auto name = id.text_not_empty()) fresh.id = std::move(*name);
    fresh.at = id.at();
    fresh.title = first_heading(parts->body);
    if (fresh.title.empty()) fresh.title = fresh.id;
    head.read("title", fresh.title);
    if (kind == text_kind::article) head.read("questions", fresh.questions);
    read_fits(head.at("for"), context, site_languages, fresh);
    head.finish();
    fresh.body = text_template::parse(parts->body, context.catalog, file, parts->body_line, found);
    if (!fresh.id.empty()) entries_.push_back(std::move(fresh));
}

void library::finish(settings::problems& found) {
    std::map<std::tuple<text_kind, std::string, std::string>, const entry*> seen;
    for (const auto& each : entries_) {
        const auto [first, fresh] = seen.try_emplace({each.kind, each.id, each.language}, &each);
        if (fresh) continue;
        found.error(each.file, each.at,
                    "the " + std::string(name_of(each.kind)) + " \"" + each.id + "\" exists already" +
                        (each.language.empty() ? "" : " in " + each.language) + ", in " + first->second->file);
    }
    std::stable_sort(entries_.begin(), entries_.end(), [](const entry& left, const entry& right) {
        if (left.entries != right.entries) return left.entries > right.entries;
        return left.alternatives < right.alternatives;
    });
}

std::optional<choice> library::best_script(conditions::fact_table& facts,
                                           std::span<const std::string> languages) const {
    for (const auto& language : languages)
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            const auto& each = entries_[i];
            if (each.kind != text_kind::script || !speaks(each, language)) continue;
            if (conditions::holds(each.fits, facts)) return choice{i, each.id, each.language};
        }
    return std::nullopt;
}

std::vector<choice> library::fitting(text_kind kind, conditions::fact_table& facts,
                                     std::span<const std::string> languages, std::size_t limit) const {
    std::vector<choice> chosen;
    std::set<std::string_view> taken;
    for (const auto& language : languages)
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            const auto& each = entries_[i];
            if (each.kind != kind || !speaks(each, language) || taken.contains(each.id)) continue;
            if (!conditions::holds(each.fits, facts)) continue;
            taken.insert(each.id);
            chosen.push_back({i, each.id, each.language});
        }
    std::sort(chosen.begin(), chosen.end(),
              [](const choice& left, const choice& right) { return left.index < right.index; });
    if (chosen.size() > limit) chosen.resize(limit);
    return chosen;
}

std::optional<choice> library::named(text_kind kind, std::string_view id,
                                     std::span<const std::string> languages) const {
    std::optional<choice> any;
    std::size_t best = languages.size();
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const auto& each = entries_[i];
        if (each.kind != kind || each.id != id) continue;
        const auto rank =
            static_cast<std::size_t>(std::find(languages.begin(), languages.end(), each.language) - languages.begin());
        // A text without a language fits everyone, but one in the reader's own fits better.
        if (!any || rank < best) {
            any = choice{i, each.id, each.language};
            best = rank;
        }
    }
    return any;
}

std::vector<std::string> library::ids(text_kind kind) const {
    std::vector<std::string> all;
    for (const auto& each : entries_)
        if (each.kind == kind) all.push_back(each.id);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

}  // namespace kindred::knowledge
