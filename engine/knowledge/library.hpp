#pragma once
#include "engine/conditions/evaluate.hpp"
#include "engine/conditions/parse.hpp"
#include "engine/knowledge/text_template.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Scripts (what agents say) and articles (what customers read).
namespace kindred::knowledge {

enum class text_kind { script = 1, article };
std::string_view name_of(text_kind kind);

/// One script or article in one language. (kind, id, language) is unique.
struct entry {
    text_kind kind = text_kind::script;
    std::string id;
    std::string language;  ///< empty: fits every language
    std::string title;     ///< the first heading, else the id
    std::vector<std::string> questions;
    conditions::condition fits;    ///< `for` without its language
    std::size_t entries = 0;       ///< of `for`: more is more specific
    std::size_t alternatives = 0;  ///< over all entries: fewer is more specific
    text_template body;
    std::string file;
    settings::position at;  ///< of the id
};

/// The text that was chosen, and the entry's place in its library.
struct choice {
    std::size_t index = 0;
    std::string_view id;
    std::string_view language;
};

/// Which languages to try, best first; none empty, none twice.
std::vector<std::string> language_order(std::string_view contact, std::string_view customer, std::string_view fallback);

/// What the YAML head of a text may hold.
const settings::shape& head_shape(text_kind kind);

/// All scripts and articles of a ruleset. Immutable once loaded; then safe from every thread.
class library {
public:
    /// Adds one Markdown file with its YAML head. Problems refuse the file.
    void add(text_kind kind, std::string_view file, std::string_view bytes, const conditions::parse_context& context,
             const std::vector<std::string>& site_languages, settings::problems& found);
    /// Sorts by how specific each is, so that the first that fits is the best. Call once, after the last add().
    void finish(settings::problems& found);

    /// The best script for these facts: in the first language that has one that fits.
    std::optional<choice> best_script(conditions::fact_table& facts, std::span<const std::string> languages) const;
    /// All that fit, most specific first, one per id, at most `limit`.
    std::vector<choice> fitting(text_kind kind, conditions::fact_table& facts, std::span<const std::string> languages,
                                std::size_t limit) const;
    /// The named text in the first of the languages that it exists in, else in any; none when there is no such id.
    std::optional<choice> named(text_kind kind, std::string_view id, std::span<const std::string> languages) const;

    const entry& operator[](std::size_t index) const { return entries_[index]; }
    const std::vector<entry>& entries() const { return entries_; }
    std::vector<std::string> ids(text_kind kind) const;

private:
    std::vector<entry> entries_;
};

}  // namespace kindred::knowledge
