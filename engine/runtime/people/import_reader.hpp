#pragma once
#include "engine/base/csv.hpp"
#include "engine/conditions/fact.hpp"
#include "engine/customers/imported_row.hpp"
#include "engine/rules/ruleset.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Files with customers: rows to typed values, each checked by itself.
namespace kindred::runtime {

inline constexpr std::size_t longest_import_row = 64U << 10U;
inline constexpr std::size_t most_import_columns = 200;

/// What a column of CSV states.
struct import_column {
    enum class means { email = 1, phone, external, identities, name, language, tags, attribute } what = means::name;
    std::string attribute;
    conditions::fact_type type = conditions::fact_type::text;
};

/// Reads rows by the attributes that profile.yaml declares.
class import_reader {
public:
    import_reader(rules::ruleset rules, row_form form) : rules_(std::move(rules)), form_(form) {}

    /// Of CSV, before any other row. errc::invalid names the column that is unknown, given twice or one too many.
    result<void> header(std::string_view row);
    /// errc::invalid says what is wrong with it.
    result<customers::imported_row> read(const raw_row& row) const;
    row_form form() const { return form_; }
    bool wants_header() const { return form_ == row_form::csv && columns_.empty(); }

private:
    result<import_column> column_named(std::string_view name) const;
    result<customers::imported_row> read_cells(std::string_view row) const;
    result<customers::imported_row> read_object(std::string_view row) const;

    rules::ruleset rules_;
    row_form form_;
    std::vector<import_column> columns_;
};

/// Reads all rows of a text and gives them in pieces of at most `at_once`; those that are wrong are returned. An error
/// is about the header: nothing was given then.
result<std::vector<customers::rejected_row>> read_import(
    std::string_view text, import_reader reader, std::size_t at_once,
    const std::function<void(std::vector<customers::imported_row>)>& give);

/// The columns of a file that has everything about customers that can be imported again: for writing one.
class import_writer {
public:
    import_writer(const rules::ruleset& rules, row_form form);
    /// With its line end; empty for lines.
    std::string header() const;
    /// One customer, with the line end.
    std::string row(const customer& who) const;

private:
    std::vector<std::pair<std::string, conditions::fact_type>> attributes_;
    row_form form_;
};

}  // namespace kindred::runtime
