#include "engine/settings/reader.hpp"

#include "engine/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace kindred::settings {
namespace {

std::string in_quotes(std::string_view text) {
    constexpr std::size_t shown = 60;
    if (text.size() <= shown) return '"' + std::string(text) + '"';
    std::size_t end = shown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
    return '"' + std::string(text.substr(0, end)) + "...\"";
}

std::string plain(double number) {
    std::string text(32, '\0');
    text.resize(static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%g", number)));
    return text;
}

template <class Number>
std::optional<Number> whole_text_as(std::string_view text) {
    Number number{};
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string bounds(const std::string& least, const std::string& most) {
    return "must be between " + least + " and " + most;
}

}  // namespace

field field::shaped(const shape& of) const {
    field same = *this;
    same.shape_ = &of;
    return same;
}

const shape* field::read_as(shape_kind kind) const {
    if (shape_ == nullptr || shape_->kind == shape_kind::anything) return nullptr;
    if (const auto* form = shape_->form(kind)) return form;
    // A list may be written as its one element.
    const auto* list = shape_->form(shape_kind::list);
    const auto* element = list != nullptr && list->or_one ? list->of.front().form(kind) : nullptr;
    if (element == nullptr) throw std::logic_error("\"" + std::string(name_) + "\" is read as its shape does not say");
    return element;
}

const shape* field::read_as_text() const {
    if (shape_ != nullptr)
        for (const auto kind : {shape_kind::text, shape_kind::date, shape_kind::choice})
            if (const auto* form = shape_->form(kind)) return form;
    return read_as(shape_kind::name);
}

field field::child(std::string_view name, const node& given, position owner, const shape* of) const {
    field made(file_, name, &given, *found_, owner);
    made.shape_ = of;
    return made;
}

position field::at() const { return given_ != nullptr ? given_->at : owner_; }

void field::error(std::string message) const {
    if (!name_.empty()) message = std::string(name_) + ": " + message;
    found_->error(file_, at(), std::move(message));
}

void field::warning(std::string message) const {
    if (!name_.empty()) message = std::string(name_) + ": " + message;
    found_->warning(file_, at(), std::move(message));
}

const std::string* field::scalar(std::string_view wanted) const {
    if (given_ == nullptr) return nullptr;
    switch (given_->kind) {
        case node_kind::scalar: return &given_->text;
        case node_kind::nothing: error("has no value; it must be " + std::string(wanted)); return nullptr;
        case node_kind::list: error("must be " + std::string(wanted) + ", not a list"); return nullptr;
        case node_kind::mapping: error("must be " + std::string(wanted) + ", not a mapping"); return nullptr;
    }
    return nullptr;
}

void field::refuse_choice(const std::string& given, const std::vector<std::string>& allowed) const {
    std::string names;
    for (const auto& each : allowed) names += (names.empty() ? "" : ", ") + each;
    const auto hint = suggestion(given, allowed);
    error(in_quotes(given) + " is not one of " + names + hint);
}

std::optional<std::string> field::text() const {
    read_as_text();
    const auto* given = scalar("text");
    return given == nullptr ? std::nullopt : std::optional(*given);
}

std::optional<std::string> field::text_not_empty() const {
    auto given = text();
    if (given && trim(*given).empty()) {
        error("must not be empty");
        return std::nullopt;
    }
    return given;
}

std::optional<std::int64_t> field::integer() const {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const auto* shape = read_as(shape_kind::integer);
    if (shape == nullptr || !(std::abs(shape->most) < 9e18)) return integer(-most, most);
    return integer(static_cast<std::int64_t>(shape->least), static_cast<std::int64_t>(shape->most));
}

std::optional<std::int64_t> field::integer(std::int64_t least, std::int64_t most) const {
    const auto* given = scalar("a whole number");
    if (given == nullptr) return std::nullopt;
    const auto number = whole_text_as<std::int64_t>(*given);
    if (!number) {
        error("must be a whole number, not " + in_quotes(*given));
    } else if (*number < least || *number > most) {
        error(bounds(std::to_string(least), std::to_string(most)) + ", not " + *given);
    } else {
        return number;
    }
    return std::nullopt;
}

std::optional<double> field::number() const {
    constexpr auto most = std::numeric_limits<double>::max();
    const auto* shape = read_as(shape_kind::number);
    return shape == nullptr ? number(-most, most) : number(shape->least, shape->most);
}

std::optional<double> field::number(double least, double most) const {
    const auto* given = scalar("a number");
    if (given == nullptr) return std::nullopt;
    const auto read_number = whole_text_as<double>(*given);
    if (!read_number || !std::isfinite(*read_number)) {
        error("must be a number, not " + in_quotes(*given));
    } else if (*read_number < least || *read_number > most) {
        error(bounds(plain(least), plain(most)) + ", not " + *given);
    } else {
        return read_number;
    }
    return std::nullopt;
}

std::optional<bool> field::yes_no() const {
    read_as(shape_kind::yes_no);
    const auto* given = scalar("yes or no");
    if (given == nullptr) return std::nullopt;
    if (equal_ignoring_case(*given, "yes") || equal_ignoring_case(*given, "true")) return true;
    if (equal_ignoring_case(*given, "no") || equal_ignoring_case(*given, "false")) return false;
    error("must be yes or no, not " + in_quotes(*given));
    return std::nullopt;
}

std::optional<duration> field::span() const {
    const auto* shape = read_as(shape_kind::duration);
    if (shape == nullptr) return span(duration{0});
    const auto bound = [](double millis, duration unbounded) {
        return std::abs(millis) < 9e15 ? duration{static_cast<std::int64_t>(millis)} : unbounded;
    };
    return span(bound(shape->least, duration::min()), bound(shape->most, duration::max()));
}

std::optional<duration> field::span(duration least, duration most) const {
    const auto* given = scalar("a duration such as 30s or 1h30m");
    if (given == nullptr) return std::nullopt;
    const auto length = *given == "0" ? std::optional(duration{0}) : parse_duration(*given);
    if (!length) {
        error("must be a duration such as 30s or 1h30m, not " + in_quotes(*given));
    } else if (*length < least) {
        error("must be at least " + kindred::to_text(least) + ", not " + *given);
    } else if (*length > most) {
        error("must be at most " + kindred::to_text(most) + ", not " + *given);
    } else {
        return length;
    }
    return std::nullopt;
}

std::optional<time_point> field::time() const {
    read_as(shape_kind::time);
    const auto* given = scalar("a time such as 2026-11-23T10:00:00-06:00");
    if (given == nullptr) return std::nullopt;
    const auto moment = parse_time(*given);
    if (!moment) error("must be a time such as 2026-11-23T10:00:00-06:00, not " + in_quotes(*given));
    return moment;
}

std::optional<double> field::percent() const {
    read_as(shape_kind::percent);
    const auto* given = scalar("a percentage such as 20%");
    if (given == nullptr) return std::nullopt;
    const auto number = given->ends_with('%')
                            ? whole_text_as<double>(std::string_view(*given).substr(0, given->size() - 1))
                            : std::nullopt;
    if (!number || !(*number >= 0 && *number <= 100)) {
        error("must be a percentage between 0% and 100%, not " + in_quotes(*given));
        return std::nullopt;
    }
    return number;
}

std::vector<field> field::list(bool or_scalar) const {
    std::vector<field> elements;
    const auto* shape = read_as(shape_kind::list);
    if (shape != nullptr && shape->or_one != or_scalar)
        throw std::logic_error("\"" + std::string(name_) + "\": its shape says otherwise of a single element");
    if (given_ == nullptr) return elements;
    const auto* element = shape == nullptr ? nullptr : &shape->of.front();
    if (or_scalar && given_->kind == node_kind::scalar) return {child(name_, *given_, owner_, element)};
    if (given_->kind != node_kind::list) {
        error(given_->kind == node_kind::nothing ? "has no value; it must be a list" : "must be a list");
        return elements;
    }
    elements.reserve(given_->items.size());
    for (const auto& each : given_->items) elements.push_back(child(name_, each, at(), element));
    return elements;
}

std::vector<std::string> field::texts(bool or_scalar) const {
    std::vector<std::string> read_texts;
    for (const auto& each : list(or_scalar))
        if (auto one = each.text_not_empty()) read_texts.push_back(std::move(*one));
    return read_texts;
}

std::vector<named_field> field::entries() const {
    std::vector<named_field> named;
    const bool is_condition = shape_ != nullptr && shape_->kind == shape_kind::condition;
    const auto* shape = is_condition ? nullptr : read_as(shape_kind::table);
    const auto* element = shape == nullptr ? nullptr : &shape->of.front();
    if (given_ == nullptr) return named;
    if (given_->kind != node_kind::mapping) {
        error(given_->kind == node_kind::nothing ? "has no value; it must be a mapping" : "must be a mapping");
        return named;
    }
    named.reserve(given_->members.size());
    for (const auto& each : given_->members)
        named.push_back({each.key, each.at, child(each.key, each.value, each.at, element)});
    return named;
}

section field::as_section() const {
    const auto* shape = read_as(shape_kind::section);
    if (given_ != nullptr && given_->kind != node_kind::mapping) {
        error(given_->kind == node_kind::nothing ? "has no value; it must be a mapping" : "must be a mapping");
        return section(field(file_, name_, nullptr, *found_, given_->at), shape);
    }
    return section(*this, shape);
}

section::section(field given, const shape* of) : whole_(given), shape_(of) {}

field section::look_up(std::string_view key) {
    known_.emplace_back(key);
    const auto* shape = shape_ == nullptr ? nullptr : shape_->key(key);
    if (shape_ != nullptr && shape == nullptr && !shape_->open)
        throw std::logic_error("the shape of this mapping has no key \"" + std::string(key) + '"');
    field found(whole_.file(), key, nullptr, whole_.found(), whole_.at());
    if (const auto* node = whole_.raw())
        for (const auto& each : node->members)
            if (each.key == key) found = field(whole_.file(), key, &each.value, whole_.found(), each.at);
    return shape == nullptr ? found : found.shaped(shape->value);
}

field section::at(std::string_view key) {
    const auto* shape = shape_ == nullptr ? nullptr : shape_->key(key);
    if (shape != nullptr && shape->required)
        throw std::logic_error("the shape says that \"" + std::string(key) + "\" is required");
    return look_up(key);
}

field section::require(std::string_view key) {
    auto wanted = look_up(key);
    if (wanted.raw() != nullptr || whole_.raw() == nullptr) return wanted;
    if (shape_ != nullptr)
        missing_.push_back(wanted);
    else
        wanted.error("is missing");
    return wanted;
}

void section::read(std::string_view key, std::string& into) {
    if (auto given = at(key).text()) into = std::move(*given);
}
void section::read(std::string_view key, bool& into) {
    if (const auto given = at(key).yes_no()) into = *given;
}
void section::read(std::string_view key, std::int64_t& into) {
    if (const auto given = at(key).integer()) into = *given;
}
void section::read(std::string_view key, int& into) {
    if (const auto given = at(key).integer()) into = static_cast<int>(*given);
}
void section::read(std::string_view key, duration& into) {
    if (const auto given = at(key).span()) into = *given;
}
void section::read(std::string_view key, std::int64_t& into, std::int64_t least, std::int64_t most) {
    if (const auto given = at(key).integer(least, most)) into = *given;
}
void section::read(std::string_view key, int& into, int least, int most) {
    if (const auto given = at(key).integer(least, most)) into = static_cast<int>(*given);
}
void section::read(std::string_view key, double& into, double least, double most) {
    if (const auto given = at(key).number(least, most)) into = *given;
}
void section::read(std::string_view key, duration& into, duration least, duration most) {
    if (const auto given = at(key).span(least, most)) into = *given;
}
void section::read(std::string_view key, std::optional<duration>& into) {
    if (const auto given = at(key).span()) into = given;
}
void section::read(std::string_view key, std::vector<std::string>& into) {
    const auto given = at(key);
    if (given.raw() != nullptr) into = given.texts(true);
}

void section::finish() {
    if (shape_ != nullptr)
        for (const auto& each : shape_->keys)
            if (std::find(known_.begin(), known_.end(), each.name) == known_.end())
                throw std::logic_error("nobody reads \"" + each.name + "\", which the shape names");
    const auto* node = whole_.raw();
    if (node == nullptr) return;
    for (const auto& each : node->members) {
        if (std::find(known_.begin(), known_.end(), each.key) != known_.end()) continue;
        whole_.found().error(whole_.file(), each.at,
                             "unknown key " + in_quotes(each.key) + suggestion(each.key, known_));
        const auto meant = nearest(each.key, known_);
        std::erase_if(missing_, [&](const field& missing) { return meant && missing.name() == *meant; });
    }
    for (const auto& each : missing_) each.error("is missing");
}

}  // namespace kindred::settings
