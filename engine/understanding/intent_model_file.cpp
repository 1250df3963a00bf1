#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/understanding/intent_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstring>

// A model file, all numbers little-endian:
//   "kindred intents\n", version u32
//   labels u32, grams u32, examples u64, temperature f32, threshold f32, strange f32
//   each label: length u32, UTF-8
//   each gram: hash u32 ascending, rarity f32, scale f32
//   each gram, each label: weight i8
//   SHA-256 of all before it
namespace kindred::understanding {
namespace {

constexpr std::string_view magic = "kindred intents\n";
constexpr std::uint32_t version = 1;
constexpr std::size_t digest_size = 32;
constexpr std::size_t most_labels = 10'000;
constexpr std::size_t longest_label = 1'000;

static_assert(std::endian::native == std::endian::little, "model files are written as they lie in memory");

template <class T>
void put(std::string& out, T number) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &number, sizeof(T));
    out.append(bytes, sizeof(T));
}

error broken(std::string_view what) { return fail(errc::corrupt, "not a usable intent model: " + std::string(what)); }

class reader {
public:
    explicit reader(std::string_view bytes) : rest_(bytes) {}

    template <class T>
    T number() {
        T read{};
        const auto bytes = take(sizeof(T));
        if (bytes.size() == sizeof(T)) std::memcpy(&read, bytes.data(), sizeof(T));
        return read;
    }
    std::string_view take(std::size_t size) {
        if (size > rest_.size()) {
            short_ = true;
            return {};
        }
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    std::size_t left() const { return rest_.size(); }
    bool ran_short() const { return short_; }

private:
    std::string_view rest_;
    bool short_ = false;
};

bool is_positive(float number) { return std::isfinite(number) && number > 0; }

result<std::vector<std::string>> read_labels(reader& from, std::size_t count) {
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < count; ++i) {
        const auto size = from.number<std::uint32_t>();
        const auto text = size <= longest_label ? from.take(size) : std::string_view();
        if (text.empty() || !is_utf8(text)) return broken("a label is empty, too long, or no text");
        labels.emplace_back(text);
    }
    auto sorted = labels;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return broken("a label is there twice");
    return labels;
}

result<void> read_grams(reader& from, std::size_t count, float strange, intent_model::parts& into) {
    std::vector<feature_space::known_gram> grams(count);
    into.scales.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        grams[i].hash = from.number<std::uint32_t>();
        grams[i].rarity = from.number<float>();
        into.scales[i] = from.number<float>();
        if (i > 0 && grams[i].hash <= grams[i - 1].hash) return broken("its grams are not in order");
        if (!is_positive(grams[i].rarity) || !std::isfinite(into.scales[i])) return broken("a weight is no number");
    }
    into.space = feature_space(std::move(grams), strange);
    return {};
}

}  // namespace

std::string encode(const intent_model& model) {
    const auto& learnt = model.learnt();
    const auto grams = learnt.space.grams();
    std::string out(magic);
    put(out, version);
    put(out, static_cast<std::uint32_t>(learnt.labels.size()));
    put(out, static_cast<std::uint32_t>(grams.size()));
    put(out, learnt.examples);
    put(out, learnt.temperature);
    put(out, learnt.threshold);
    put(out, learnt.space.strange());
    for (const auto& label : learnt.labels) {
        put(out, static_cast<std::uint32_t>(label.size()));
        out += label;
    }
    for (std::size_t i = 0; i < grams.size(); ++i) {
        put(out, grams[i].hash);
        put(out, grams[i].rarity);
        put(out, learnt.scales[i]);
    }
    out.append(reinterpret_cast<const char*>(learnt.weights.data()), learnt.weights.size());
    const auto digest = sha256(out);
    out.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    return out;
}

result<intent_model> decode_intent_model(std::string_view bytes) {
    if (!bytes.starts_with(magic)) return broken("it does not begin as one");
    if (bytes.size() < magic.size() + digest_size) return broken("it is cut off");
    const auto body = bytes.substr(0, bytes.size() - digest_size);
    reader from(body.substr(magic.size()));
    const auto made_by = from.number<std::uint32_t>();
    if (made_by != version)
        return broken("its version is " + std::to_string(made_by) + ", this engine reads " + std::to_string(version) +
                      "; learn it again");
    const auto digest = sha256(body);
    const std::string_view expected(reinterpret_cast<const char*>(digest.data()), digest_size);
    if (bytes.substr(body.size()) != expected) return broken("its checksum is wrong; it is cut off or damaged");

    intent_model::parts made;
    const auto labels = from.number<std::uint32_t>();
    const auto grams = from.number<std::uint32_t>();
    made.examples = from.number<std::uint64_t>();
    made.temperature = from.number<float>();
    made.threshold = from.number<float>();
    const auto strange = from.number<float>();
    if (from.ran_short() || labels < 2 || labels > most_labels) return broken("it has no labels, or too many");
    if (!is_positive(made.temperature) || !is_positive(strange) || !std::isfinite(made.threshold))
        return broken("its calibration is out of range");
    auto names = read_labels(from, labels);
    if (!names) return names.error();
    made.labels = std::move(*names);
    constexpr std::size_t gram_size = 12;
    if (from.left() != std::size_t{grams} * (gram_size + labels)) return broken("its size does not fit its contents");
    if (auto read = read_grams(from, grams, strange, made); !read) return read.error();
    const auto weights = from.take(std::size_t{grams} * labels);
    made.weights.assign(weights.begin(), weights.end());
    return intent_model(std::move(made));
}

}  // namespace kindred::understanding
