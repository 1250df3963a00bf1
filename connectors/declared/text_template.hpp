#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::connectors::declared {

/// A text with places to fill: "/conversations/{thread}/messages". A place is a name in braces that begins with a
/// small letter and goes on with letters, digits and _ . : ? -; all other braces stand for themselves, so that JSON
/// can be written as it is.
class text_template {
public:
    text_template() = default;
    explicit text_template(std::string_view written);

    /// The names in use, each as often as it occurs.
    std::vector<std::string> names() const;
    bool begins_with_name(std::string_view name) const;
    /// The only thing in it is one name.
    bool is_one_name() const { return pieces_.size() == 1 && pieces_.front().is_name; }
    /// `value` is asked for each name, in order.
    std::string fill(const std::function<std::string(std::string_view name)>& value) const;

private:
    struct piece {
        bool is_name = false;
        std::string text;
    };
    std::vector<piece> pieces_;
};

}  // namespace kindred::connectors::declared
