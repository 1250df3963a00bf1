#pragma once
#include "engine/base/time.hpp"
#include "engine/channel/options.hpp"

#include <optional>
#include <string>

namespace kindred::channel {

/// What a caller has to do with the recording of the talk.
enum class recording_consent {
    none = 1,  ///< nothing is recorded
    told,      ///< the caller is told, and may hang up
    asked      ///< the caller presses a key, or is not recorded
};

/// How a phone channel records its talks.
struct call_recording {
    recording_consent consent = recording_consent::none;
    std::string agree_key;             ///< of recording_consent::asked: a digit
    std::optional<duration> keep_for;  ///< then the sound goes; none: as long as other files
};

/// Reads `recording: { consent: tell | ask, agree_key: "1", keep_for: 90d }`; nothing is recorded without it.
call_recording call_recording_of(options& settings);

}  // namespace kindred::channel
