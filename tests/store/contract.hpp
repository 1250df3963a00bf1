#pragma once
#include "engine/store/store.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

/// What every implementation of the store must do, whatever it is made of. A program that has one more implementation
/// links tests/store/support/contract_*.cpp and instantiates the suite with its own maker.
namespace kindred::store {

/// Something that survives stores: a folder with a file, a piece of memory, a server.
class store_medium {
public:
    virtual ~store_medium() = default;
    /// Opens the store that is kept here. Never two at a time: the last one must be gone.
    virtual std::unique_ptr<store> open() = 0;
};

struct store_maker {
    std::string name;
    std::function<std::unique_ptr<store_medium>()> make;
};

class store_contract : public testing::TestWithParam<store_maker> {
protected:
    void SetUp() override {
        medium_ = GetParam().make();
        store_ = medium_->open();
    }
    /// As after a crash: what was not committed is gone.
    void restart() {
        store_.reset();
        store_ = medium_->open();
    }
    store& under_test() { return *store_; }
    /// What a prefetch finds that comes after a current read: it sees at least what that one saw.
    std::vector<prefetched> prefetch(const std::vector<prefetch_query>& wanted) {
        (void)under_test().find_key({"", ""}).value();
        return under_test().prefetch(wanted).value();
    }

private:
    std::unique_ptr<store_medium> medium_;
    std::unique_ptr<store> store_;
};

inline std::string name_of_maker(const testing::TestParamInfo<store_maker>& info) { return info.param.name; }

}  // namespace kindred::store
