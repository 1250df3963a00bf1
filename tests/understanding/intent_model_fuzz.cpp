#include "engine/base/digest.hpp"
#include "engine/understanding/intent_model.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

/// A model that is read from any bytes, even with the right checksum, reads texts and is written as the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace kindred;
    std::string file("kindred intents\n");
    file.append(reinterpret_cast<const char*>(bytes), size);
    const auto digest = sha256(file);
    file.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    const auto model = understanding::decode_intent_model(file);
    if (!model) return 0;
    const auto said = model->read(understanding::grams_of("where is my parcel?"));
    if (said.guesses.empty() || encode(*model) != file) std::abort();
    return 0;
}
