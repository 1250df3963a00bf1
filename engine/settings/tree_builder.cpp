#include "engine/settings/tree_builder.hpp"

namespace kindred::settings {
namespace {

constexpr std::size_t longest_key = 200;

std::string shortened(const std::string& key) { return key.size() <= 60 ? key : key.substr(0, 57) + "..."; }

}  // namespace

void tree_builder::refuse(position at, std::string message) {
    found_.error(file_, at, std::move(message));
    throw stop{};
}

void tree_builder::OnDocumentStart(const YAML::Mark& mark) {
    if (++documents_ > 1) refuse(at(mark), "a second document begins here; one file holds one document");
}

void tree_builder::check_properties(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) refuse(at(mark), "anchors (&) are not allowed; write the value out");
    const bool plain_tag = tag.empty() || tag == "?" || tag == "!";
    if (!plain_tag || source_[static_cast<std::size_t>(mark.pos)] == '!')
        refuse(at(mark), "tags (!) are not allowed; the type follows from the key");
}

void tree_builder::OnAlias(const YAML::Mark& mark, YAML::anchor_t) { refuse(at(mark), no_aliases); }

void tree_builder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
    check_properties(mark, {}, anchor);
    // YAML reads the bare word `null` as nothing. Where a key or text is wanted it is a word like any other.
    const auto rest = source_.text().substr(std::min(static_cast<std::size_t>(mark.pos), source_.text().size()), 4);
    const bool word = rest == "null" || rest == "Null" || rest == "NULL";
    if (wants_key()) {
        if (!word && !rest.starts_with('~')) refuse(at(mark), "a key is missing here");
        return take_key(word ? std::string(rest) : "~", at(mark));
    }
    node value;
    value.kind = word ? node_kind::scalar : node_kind::nothing;
    if (word) value.text = rest;
    // The mark of a value that was left out is where the next thing begins: the key says better where it is missing.
    const bool written = word || rest.starts_with('~');
    const bool has_owner = !open_.empty() && open_.back().has_key;
    value.at = !written && has_owner ? open_.back().key_at : at(mark);
    place(std::move(value));
}

void tree_builder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                            const std::string& text) {
    check_properties(mark, tag, anchor);
    const auto first = source_[static_cast<std::size_t>(mark.pos)];
    const bool quoted = tag == "!";
    if (quoted && (first == '"' || first == '\'') && !source_.quote_closes(static_cast<std::size_t>(mark.pos)))
        refuse(at(mark), "the quote that opens here is never closed");
    if (wants_key()) return take_key(text, at(mark));
    node value;
    value.kind = node_kind::scalar;
    value.at = at(mark);
    value.quoted = quoted;
    value.text = text;
    place(std::move(value));
}

void tree_builder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                   YAML::EmitterStyle::value) {
    check_properties(mark, tag, anchor);
    open(node_kind::list, mark);
}

void tree_builder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                              YAML::EmitterStyle::value) {
    check_properties(mark, tag, anchor);
    open(node_kind::mapping, mark);
}

void tree_builder::open(node_kind kind, const YAML::Mark& mark) {
    if (wants_key()) refuse(at(mark), "a key must be a single word or text, not a list or mapping");
    if (static_cast<int>(open_.size()) >= most_depth_)
        refuse(at(mark), "lists and mappings are nested more than " + std::to_string(most_depth_) + " deep");
    open_node fresh;
    fresh.value.kind = kind;
    fresh.value.at = at(mark);
    open_.push_back(std::move(fresh));
}

void tree_builder::close() {
    node done = std::move(open_.back().value);
    open_.pop_back();
    place(std::move(done));
}

bool tree_builder::wants_key() const {
    return !open_.empty() && open_.back().value.kind == node_kind::mapping && !open_.back().has_key;
}

void tree_builder::take_key(const std::string& key, position at) {
    if (key.size() > longest_key)
        refuse(at, "the key has " + std::to_string(key.size()) + " bytes, the most is " + std::to_string(longest_key));
    if (key == "<<") refuse(at, "merge keys (<<) are not allowed; write the values out");
    auto& owner = open_.back();
    owner.key_is_twin = !owner.keys.insert(key).second;
    if (owner.key_is_twin) {
        found_.error(file_, at, "the key \"" + shortened(key) + "\" is given twice");
        if (++twins_ > problems::most_listed) throw stop{};  // more would not be listed
    }
    owner.key = key;
    owner.key_at = at;
    owner.has_key = true;
}

void tree_builder::place(node value) {
    if (open_.empty()) {
        root_ = std::move(value);
        return;
    }
    auto& owner = open_.back();
    if (owner.value.kind == node_kind::list) {
        owner.value.items.push_back(std::move(value));
        return;
    }
    owner.has_key = false;
    if (!owner.key_is_twin) owner.value.members.push_back({std::move(owner.key), owner.key_at, std::move(value)});
}

}  // namespace kindred::settings
