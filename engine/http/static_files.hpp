#pragma once
#include "engine/base/error.hpp"
#include "engine/http/request.hpp"
#include "engine/http/response.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::http {

/// A folder of files held in memory, served with content type, ETag and the headers that keep browsers from guessing.
/// Reads no file after load(): no request path ever becomes a file name. Immutable, so safe from every thread.
///
/// `x.br` and `x.gz` beside a file `x` are smaller forms of it: the first that Accept-Encoding takes is sent in its
/// place, under an ETag of its own. Files below `assets/` are named by their content and may be kept for ever; of
/// everything else browsers ask each time whether it is still the same. What a page may do (Content-Security-Policy) is
/// for those to say who serve it.
class static_files {
public:
    /// All regular files below `folder`, hidden ones and links left out. errc::not_found when there is no such folder,
    /// errc::too_large when they exceed `most_bytes`.
    static result<static_files> load(const std::filesystem::path& folder, std::size_t most_bytes = 64U << 20U);
    /// Paths (no leading slash) and their content.
    explicit static_files(const std::map<std::string, std::string, std::less<>>& contents);

    /// The file at `path` (percent-encoded, below where the files are mounted; "" or a trailing slash means its
    /// index.html). 304 when If-None-Match names its ETag, 404 when there is none, 405 for methods other than GET and
    /// HEAD.
    response answer(const request& asked, std::string_view path) const;

private:
    struct form {
        std::string coding;  ///< "" as it is, else the Content-Encoding
        std::string content;
        std::string tag;
    };
    struct file {
        std::string type;
        std::vector<form> forms;  ///< as it is, then by what is preferred
    };
    std::map<std::string, file, std::less<>> files_;
};

/// The media type by file extension; application/octet-stream for those unknown.
std::string_view content_type_of(std::string_view path);

}  // namespace kindred::http
