#include "engine/runtime/people/import_reader.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/domain/named_identity.hpp"
#include "engine/rules/attribute_text.hpp"
#include "engine/rules/compiled_rules.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace kindred::runtime {
namespace {

using customers::imported_row;
using means = import_column::means;

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_tag = 64;
constexpr std::size_t most_tags = 50;
constexpr std::size_t most_identities = 50;
constexpr std::string_view attribute_prefix = "attributes.";
constexpr std::array<std::pair<std::string_view, means>, 7> named_columns{{{"email", means::email},
                                                                           {"phone", means::phone},
                                                                           {"external", means::external},
                                                                           {"identities", means::identities},
                                                                           {"name", means::name},
                                                                           {"language", means::language},
                                                                           {"tags", means::tags}}};

error wrong(std::string what) { return fail(errc::invalid, std::move(what)); }

result<void> add_identity(imported_row& into, result<identity> made) {
    if (!made) return made.error();
    const auto same = [&](const identity& each) { return each.text == made->text; };
    if (std::none_of(into.identities.begin(), into.identities.end(), same)) into.identities.push_back(std::move(*made));
    if (into.identities.size() > most_identities) return wrong("identities: at most 50");
    return {};
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

/// One in a list with spaces between.
std::string in_list(std::string identity) {
    replace_all(identity, "%", "%25");
    replace_all(identity, " ", "%20");
    return identity;
}

result<void> add_identities(imported_row& into, std::string_view cell) {
    for (const auto each : split(cell, ' ')) {
        if (each.empty()) continue;
        std::string text(each);
        replace_all(text, "%20", " ");
        replace_all(text, "%25", "%");
        if (auto added = add_identity(into, named_identity(text)); !added) return added;
    }
    return {};
}

result<void> set_tags(imported_row& into, std::vector<std::string> tags) {
    if (tags.size() > most_tags) return wrong("tags: at most 50");
    for (const auto& each : tags)
        if (each.empty() || each.size() > longest_tag) return wrong("tags: wants 1 to 64 bytes each");
    into.tags = std::move(tags);
    return {};
}

result<void> set_name(imported_row& into, std::string_view text) {
    if (text.size() > longest_name) return wrong("name: at most 200 bytes");
    into.name = std::string(text);
    return {};
}

result<void> set_language(imported_row& into, std::string_view text) {
    if (text.size() != 2) return wrong("language: wants two letters, e.g. es");
    into.language = to_lower_ascii(text);
    return {};
}

result<void> set_cell(imported_row& into, const import_column& column, std::string_view cell) {
    switch (column.what) {
        case means::email: return add_identity(into, named_identity("email", cell));
        case means::phone: return add_identity(into, named_identity("phone", cell));
        case means::external: return add_identity(into, named_identity("external", cell));
        case means::identities: return add_identities(into, cell);
        case means::name: return set_name(into, cell);
        case means::language: return set_language(into, cell);
        case means::tags: {
            std::vector<std::string> tags;
            for (const auto each : split(cell, ';'))
                if (!trim(each).empty()) tags.emplace_back(trim(each));
            return set_tags(into, std::move(tags));
        }
        case means::attribute: {
            auto value = rules::attribute_from_text(column.attribute, column.type, cell);
            if (!value) return value.error();
            into.stated.emplace_back(column.attribute, std::move(*value));
            return {};
        }
    }
    return {};
}

/// A list of texts, each given to `take`.
result<void> for_each_text(std::string_view name, json::value list,
                           const std::function<result<void>(std::string_view)>& take) {
    if (!list.is_array()) return wrong(std::string(name) + ": wants a list of texts");
    result<void> all{};
    list.for_each([&](json::value each) {
        if (all) all = each.is_string() ? take(each.text()) : wrong(std::string(name) + ": wants a list of texts");
    });
    return all;
}

result<void> set_text_member(imported_row& into, const import_column& column, std::string_view name,
                             json::value given) {
    // Providers are not consistent about ids: a number is one too.
    const auto text = column.what == means::external ? given.text_or_number() : std::string(given.text());
    if (!given.is_string() && column.what != means::external) return wrong(std::string(name) + ": wants a text");
    return set_cell(into, column, text);
}

}  // namespace

result<import_column> import_reader::column_named(std::string_view name) const {
    for (const auto& [known, what] : named_columns)
        if (name == known) return import_column{what, {}, {}};
    const auto& schema = rules_.compiled().customer_attributes;
    const auto attribute = name.starts_with(attribute_prefix) ? name.substr(attribute_prefix.size()) : name;
    if (const auto* found = schema.find(attribute))
        return import_column{means::attribute, std::string(attribute), found->type};
    auto names = schema.names();
    for (const auto& [known, what] : named_columns) names.emplace_back(known);
    return wrong('"' + std::string(name.substr(0, 100)) + "\" is no attribute that profile.yaml declares" +
                 settings::suggestion(attribute, names));
}

result<void> import_reader::header(std::string_view row) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (row.starts_with(byte_order_mark)) row.remove_prefix(byte_order_mark.size());
    if (!is_utf8(row)) return wrong("the header is not UTF-8");
    const auto names = csv_fields(row);
    if (!names) return wrong("the header: " + names.error().message);
    if (names->size() >= most_import_columns)
        return wrong("the header has " + std::to_string(names->size()) + " columns: fewer than 200 are taken");
    std::vector<import_column> made;
    for (const auto& each : *names) {
        auto column = column_named(trim(each));
        if (!column) return wrong("column " + std::to_string(made.size() + 1) + ": " + column.error().message);
        for (const auto& other : made)
            if (other.what == column->what && other.attribute == column->attribute)
                return wrong("column " + std::to_string(made.size() + 1) + ": \"" + each + "\" is there twice");
        made.push_back(std::move(*column));
    }
    columns_ = std::move(made);
    return {};
}

result<imported_row> import_reader::read(const raw_row& row) const {
    if (row.too_long) return wrong("longer than 64 KiB");
    if (!is_utf8(row.bytes)) return wrong("not UTF-8");
    auto made = form_ == row_form::csv ? read_cells(row.bytes) : read_object(row.bytes);
    if (!made) return made;
    if (made->identities.empty()) return wrong("nobody is named: email, phone, external or identities is wanted");
    made->line = row.line;
    return made;
}

result<imported_row> import_reader::read_cells(std::string_view row) const {
    const auto cells = csv_fields(row);
    if (!cells) return cells.error();
    if (cells->size() != columns_.size())
        return wrong(std::to_string(cells->size()) + " columns where the header has " +
                     std::to_string(columns_.size()));
    imported_row made;
    for (std::size_t i = 0; i < cells->size(); ++i) {
        // An empty cell says nothing: what is on record stays.
        if ((*cells)[i].empty()) continue;
        if (auto set = set_cell(made, columns_[i], (*cells)[i]); !set) return set.error();
    }
    return made;
}

result<imported_row> import_reader::read_object(std::string_view row) const {
    const auto parsed = json::document::parse(row);
    if (!parsed) return wrong(parsed.error().message);
    if (!parsed->root().is_object()) return wrong("wants a JSON object");
    imported_row made;
    result<void> all{};
    parsed->root().for_each_member([&](std::string_view name, json::value given) {
        if (!all || given.is_null()) return;
        const auto known = std::find_if(named_columns.begin(), named_columns.end(),
                                        [&](const auto& each) { return each.first == name; });
        if (name == "attributes") {
            if (!given.is_object()) all = wrong("attributes: wants an object");
            given.for_each_member([&](std::string_view attribute, json::value each) {
                auto value = all ? rules_.customer_attribute(attribute, each) : result<fact_value>(fact_value{});
                if (!value) all = wrong(value.error().message);
                if (all) made.stated.emplace_back(attribute, std::move(*value));
            });
        } else if (known == named_columns.end()) {
            all = wrong('"' + std::string(name.substr(0, 100)) + "\" is no member of a row");
        } else if (known->second == means::identities) {
            all = for_each_text(name, given,
                                [&](std::string_view each) { return add_identity(made, named_identity(each)); });
        } else if (known->second == means::tags) {
            std::vector<std::string> tags;
            all = for_each_text(name, given, [&](std::string_view each) {
                tags.emplace_back(each);
                return result<void>{};
            });
            if (all) all = set_tags(made, std::move(tags));
        } else {
            all = set_text_member(made, {known->second, {}, {}}, name, given);
        }
    });
    if (!all) return all.error();
    return made;
}

result<std::vector<customers::rejected_row>> read_import(std::string_view text, import_reader reader,
                                                         std::size_t at_once,
                                                         const std::function<void(std::vector<imported_row>)>& give) {
    row_splitter rows(reader.form(), longest_import_row);
    std::vector<customers::rejected_row> rejected;
    std::vector<imported_row> ready;
    while (const auto row = rows.next(text, true)) {
        if (reader.wants_header()) {
            if (row->too_long) return wrong("the header is longer than 64 KiB");
            if (auto known = reader.header(row->bytes); !known) return known.error();
            continue;
        }
        auto read = reader.read(*row);
        if (!read) {
            rejected.push_back({row->line, read.error().message});
            continue;
        }
        ready.push_back(std::move(*read));
        if (ready.size() < at_once) continue;
        give(std::exchange(ready, {}));
    }
    if (reader.wants_header()) return wrong("there is no header");
    if (!ready.empty()) give(std::move(ready));
    return rejected;
}

import_writer::import_writer(const rules::ruleset& rules, row_form form) : form_(form) {
    for (const auto& each : rules.compiled().customer_attributes.attributes)
        attributes_.emplace_back(each.name, each.type);
}

std::string import_writer::header() const {
    if (form_ == row_form::lines) return {};
    std::string line = "identities,name,language,tags";
    for (const auto& [name, type] : attributes_) append_csv_field(line += ',', std::string(attribute_prefix) + name);
    return line + '\n';
}

std::string import_writer::row(const customer& who) const {
    const auto value_of = [&](const auto& attribute) {
        const auto found = who.declared.find(attribute.first);
        return found == who.declared.end() ? fact_value{} : rules::as_stated(found->second.value, attribute.second);
    };
    if (form_ == row_form::csv) {
        std::string line;
        std::string cell;
        for (const auto& each : who.identities) cell += (cell.empty() ? "" : " ") + in_list(each.text);
        append_csv_field(line, cell);
        append_csv_field(line += ',', who.name);
        append_csv_field(line += ',', who.language);
        append_csv_field(line += ',', rules::attribute_to_text(fact_value(who.tags)));
        for (const auto& each : attributes_) append_csv_field(line += ',', rules::attribute_to_text(value_of(each)));
        return line + '\n';
    }
    json::writer out;
    out.begin_object().key("identities").begin_array();
    for (const auto& each : who.identities) out.value(each.text);
    out.end_array().member_if("name", who.name).member_if("language", who.language);
    if (!who.tags.empty()) {
        out.key("tags");
        write_json(out, fact_value(who.tags));
    }
    out.key("attributes").begin_object();
    for (const auto& each : attributes_) {
        const auto value = value_of(each);
        if (std::holds_alternative<std::monostate>(value)) continue;
        out.key(each.first);
        write_json(out, value);
    }
    return out.end_object().end_object().take() + '\n';
}

}  // namespace kindred::runtime
