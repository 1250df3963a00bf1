#pragma once
#include "engine/base/time.hpp"
#include "engine/settings/shape.hpp"
#include "engine/settings/tree.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Reads a tree into typed values. The type comes from the call, never from how YAML would guess; what does not fit is
/// reported with its place and read as nothing, so that reading goes on and every problem is found in one run.
namespace kindred::settings {

class section;
struct named_field;

/// A name of an enumeration's value.
template <class E>
using choices = std::span<const std::pair<std::string_view, E>>;

/// One value and where its problems go; also stands for a value that is not there. Cheap to copy; the file name, the
/// tree and the problems must outlive it.
class field {
public:
    field(std::string_view file, std::string_view name, const node* given, problems& found, position owner = {})
        : file_(file), name_(name), given_(given), found_(&found), owner_(owner) {}

    bool present() const { return given_ != nullptr && given_->kind != node_kind::nothing; }
    bool is_scalar() const { return has(node_kind::scalar); }
    bool is_list() const { return has(node_kind::list); }
    bool is_mapping() const { return has(node_kind::mapping); }
    /// The same value, to be read as this shape alone: reading it as anything else is a bug and throws. The shape must
    /// outlive the field.
    field shaped(const shape& of) const;
    const shape* expected() const { return shape_; }

    /// Where the value is; where it is missing, where its owner is.
    position at() const;
    std::string_view file() const { return file_; }
    /// The key that the value stands under; for an element the key of its list. Messages begin with it.
    std::string_view name() const { return name_; }
    const node* raw() const { return given_; }
    problems& found() const { return *found_; }

    /// Each reads the value as what it is for. Nothing where it is absent (no problem) or does not fit (one problem).
    std::optional<std::string> text() const;
    std::optional<std::string> text_not_empty() const;
    /// Without bounds those of the shape hold, or none.
    std::optional<std::int64_t> integer() const;
    std::optional<std::int64_t> integer(std::int64_t least, std::int64_t most) const;
    std::optional<double> number() const;
    std::optional<double> number(double least, double most) const;
    /// true, false, yes, no
    std::optional<bool> yes_no() const;
    /// "20s", "1h30m"; a bare 0 as well.
    std::optional<duration> span() const;
    std::optional<duration> span(duration least, duration most = duration::max()) const;
    /// RFC 3339 with offset, or Unix seconds.
    std::optional<time_point> time() const;
    /// "20%" as 20.0
    std::optional<double> percent() const;
    template <class E>
    std::optional<E> choice(choices<E> allowed) const;

    /// The elements; a scalar stands for a list of itself when `or_scalar`. Empty where absent or wrong.
    std::vector<field> list(bool or_scalar = false) const;
    /// The texts of a list of scalars (or one scalar, when `or_scalar`).
    std::vector<std::string> texts(bool or_scalar = false) const;
    /// The entries of a mapping whose keys are names that the admin chose; empty where absent or no mapping.
    std::vector<named_field> entries() const;
    /// A mapping with keys that are known. Reports when the value is there and is no mapping.
    section as_section() const;

    void error(std::string message) const;
    void warning(std::string message) const;

private:
    bool has(node_kind kind) const { return given_ != nullptr && given_->kind == kind; }
    const std::string* scalar(std::string_view wanted) const;
    /// The form that a read of this kind is for; none where the field has no shape. Throws where the shape has no such
    /// form.
    const shape* read_as(shape_kind kind) const;
    const shape* read_as_text() const;
    field child(std::string_view name, const node& given, position owner, const shape* of) const;
    void refuse_choice(const std::string& given, const std::vector<std::string>& allowed) const;

    std::string_view file_;
    std::string_view name_;
    const node* given_;
    problems* found_;
    position owner_;
    const shape* shape_ = nullptr;
};

/// An entry of a mapping whose keys the admin chose.
struct named_field {
    std::string_view key;
    position at;  ///< of the key
    field value;
};

/// A mapping with known keys. Every read names a key; `finish()` refuses the keys that nobody read. With a shape the
/// keys are those of the shape: naming another, or leaving one out, is a bug and throws.
class section {
public:
    /// `given` may be absent: then every field is.
    explicit section(field given, const shape* of = nullptr);

    field at(std::string_view key);
    /// Like at(), and reports when the key is missing. With a shape finish() does that, unless the key is there but
    /// misspelt.
    field require(std::string_view key);
    bool present() const { return whole_.present(); }
    const field& whole() const { return whole_; }

    /// Each leaves `into` as it is where the key is absent or its value does not fit: defaults live in the struct.
    void read(std::string_view key, std::string& into);
    void read(std::string_view key, bool& into);
    /// Without bounds those of the shape hold.
    void read(std::string_view key, std::int64_t& into);
    void read(std::string_view key, int& into);
    void read(std::string_view key, std::int64_t& into, std::int64_t least, std::int64_t most);
    void read(std::string_view key, int& into, int least, int most);
    void read(std::string_view key, double& into, double least, double most);
    void read(std::string_view key, duration& into);
    void read(std::string_view key, duration& into, duration least, duration most = duration::max());
    void read(std::string_view key, std::optional<duration>& into);
    void read(std::string_view key, std::vector<std::string>& into);
    template <class E>
    void choose(std::string_view key, E& into, choices<E> allowed) {
        if (const auto read_value = at(key).choice(allowed)) into = *read_value;
    }

    /// Reports keys that no read has named, with the nearest known one. Call once, last.
    void finish();

private:
    field look_up(std::string_view key);

    field whole_;
    const shape* shape_;
    std::vector<std::string> known_;
    std::vector<field> missing_;
};

template <class E>
std::optional<E> field::choice(choices<E> allowed) const {
    read_as(shape_kind::choice);
    const std::string* given = scalar("a name");
    if (given == nullptr) return std::nullopt;
    std::vector<std::string> names;
    for (const auto& [name, value] : allowed) {
        if (name == *given) return value;
        names.emplace_back(name);
    }
    refuse_choice(*given, names);
    return std::nullopt;
}

}  // namespace kindred::settings
