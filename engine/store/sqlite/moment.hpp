#pragma once
#include "engine/store/sqlite/reader.hpp"

namespace kindred::store::sqlite {

class reader::moment {
public:
    explicit moment(reader& of) : of_(of), code_(of.begin_.run()) {}
    ~moment() {
        if (code_ == SQLITE_OK) of_.end_.run();
    }
    moment(const moment&) = delete;
    moment& operator=(const moment&) = delete;

    int code() const { return code_; }

private:
    reader& of_;
    int code_;
};

}  // namespace kindred::store::sqlite
