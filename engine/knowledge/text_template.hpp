#pragma once
#include "engine/conditions/fact_table.hpp"
#include "engine/conditions/time_zone.hpp"
#include "engine/settings/reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::knowledge {

/// Markdown with `{{ fact }}` or `{{ fact | text for when it is not known }}` in it, taken apart when it is loaded.
class text_template {
public:
    struct part {
        std::string text;  ///< as it is, or the fallback of the fact
        std::optional<conditions::fact_id> fact;
    };

    /// Problems (unknown facts, braces that never close) go to `found`, lines counted from `first_line`.
    static text_template parse(std::string_view markdown, conditions::fact_catalog& catalog, std::string_view file,
                               int first_line, settings::problems& found);

    /// The text for these facts; times as clocks in `zone` show them.
    std::string fill(conditions::fact_table& facts, const conditions::time_zone& zone) const;
    const std::vector<part>& parts() const { return parts_; }

private:
    std::vector<part> parts_;
};

}  // namespace kindred::knowledge
