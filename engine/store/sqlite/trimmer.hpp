#pragma once
#include "engine/store/sqlite/writer.hpp"

namespace kindred::store::sqlite {

/// Walks over the keys, a bounded stretch per call, and deletes what is past its time.
class trimmer {
public:
    /// `through` must outlive this.
    explicit trimmer(writer& through);

    result<bool> trim(time_point before, time_point now);

private:
    int trim_keys(time_point before, bool& more);

    writer& through_;
    statement end_of_stretch_, drop_keys_, drop_last_keys_, drop_sessions_, drop_writers_;
    std::string walked_to_;  ///< hash
};

}  // namespace kindred::store::sqlite
