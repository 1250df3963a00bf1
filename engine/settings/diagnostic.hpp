#pragma once
#include <compare>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::settings {

/// A place in a text file: lines and columns count from 1, columns in code points. 0 means the file as a whole.
struct position {
    int line = 0;
    int column = 0;

    auto operator<=>(const position&) const = default;
};

/// How bad a problem is: an error refuses the whole folder or file, a warning does not.
enum class severity { error = 1, warning };
std::string_view name_of(severity level);

/// One problem with something an admin wrote, and where it is.
struct diagnostic {
    std::string file;
    position at;
    severity level = severity::error;
    std::string message;

    auto operator<=>(const diagnostic&) const = default;
};

/// "rules/routing.yaml:3:5: error: ..."; without line and column where the file as a whole is meant.
std::string to_text(const diagnostic& problem);
/// [{"file","line","column","severity","message"}, ...]
std::string to_json(const std::vector<diagnostic>& problems);

/// Everything wrong with what is being read, collected so that one run shows all of it. Of one file at most
/// `most_listed` errors and ten times as many warnings are kept, then one that says so: a hostile one has a million.
/// Not thread-safe.
class problems {
public:
    static constexpr std::size_t most_listed = 1'000;

    void error(std::string_view file, position at, std::string message);
    void warning(std::string_view file, position at, std::string message);
    void add(diagnostic found);
    void add(const problems& others);

    bool has_errors() const;
    bool empty() const { return found_.empty(); }
    /// By file, line and column; the same problem is listed once.
    std::vector<diagnostic> sorted() const;

private:
    std::vector<diagnostic> found_;
    std::map<std::pair<std::string, severity>, std::size_t> counts_;
};

/// `, did you mean "x"?` where a known name is near; nothing otherwise.
std::string suggestion(std::string_view wrong, const std::vector<std::string>& known);

}  // namespace kindred::settings
