#include "engine/understanding/language_model.hpp"

#include <fasttext/fasttext.h>
#include <cmath>
#include <cstring>
#include <istream>
#include <streambuf>

namespace kindred::understanding {
namespace {

constexpr std::int32_t file_magic = 793712314;
constexpr std::int32_t file_version = 12;
constexpr std::string_view label_prefix = "__label__";

/// A stream over bytes that are somewhere already.
class byte_stream : private std::streambuf, public std::istream {
public:
    explicit byte_stream(std::string_view bytes) : std::istream(static_cast<std::streambuf*>(this)) {
        auto* begin = const_cast<char*>(bytes.data());  // streambuf's get area is only read
        setg(begin, begin, begin + bytes.size());
    }
};

error broken(const std::string& what) { return fail(errc::corrupt, "not a usable fastText language model: " + what); }

}  // namespace

struct language_model::loaded_model {
    fasttext::FastText model;
    std::shared_ptr<const fasttext::Dictionary> dictionary;
};

language_model::language_model() : model_(std::make_unique<loaded_model>()) {}
language_model::~language_model() = default;

result<std::shared_ptr<const language_model>> language_model::load(std::string_view bytes) {
    // loadModel() of a stream begins behind the magic number and the version, which only its sibling for files checks.
    std::int32_t head[2] = {0, 0};
    if (bytes.size() > sizeof head) std::memcpy(head, bytes.data(), sizeof head);
    if (head[0] != file_magic || head[1] > file_version) return broken("it does not begin as one");
    std::shared_ptr<language_model> made(new language_model);
    try {
        byte_stream stream(bytes.substr(sizeof head));
        stream.exceptions(std::ios::failbit | std::ios::badbit);
        made->model_->model.loadModel(stream);
    } catch (const std::exception& wrong) {
        return broken(std::string("cut off or damaged: ") + wrong.what());
    }
    made->model_->dictionary = made->model_->model.getDictionary();
    const auto& dictionary = *made->model_->dictionary;
    for (std::int32_t i = 0; i < dictionary.nlabels(); ++i) {
        const auto label = dictionary.getLabel(i);
        if (!label.starts_with(label_prefix)) return broken("its labels are not languages");
        made->languages_.push_back(label.substr(label_prefix.size()));
    }
    if (made->languages_.empty()) return broken("it knows no language");
    return std::shared_ptr<const language_model>(std::move(made));
}

std::vector<float> language_model::probabilities(std::string_view line) const {
    std::vector<float> made(languages_.size(), 0.0F);
    const std::string ended = std::string(line) + '\n';
    byte_stream stream(ended);
    std::vector<std::int32_t> words;
    std::vector<std::int32_t> labels;
    model_->dictionary->getLine(stream, words, labels);
    if (words.empty()) return made;
    fasttext::Predictions found;
    model_->model.predict(static_cast<std::int32_t>(languages_.size()), words, found, 0.0F);
    for (const auto& [log_probability, label] : found)
        made[static_cast<std::size_t>(label)] = std::exp(log_probability);
    return made;
}

}  // namespace kindred::understanding
