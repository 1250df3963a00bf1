#pragma once
#include "tests/store/support/io_rules.hpp"

#include <vector>

namespace kindred::store {

/// A SQLite VFS in front of the operating system's that asks rules about every open, write, sync, truncate and removal.
/// It does not really sync: what survives a power cut is the business of a rule (power_cut.hpp), and a process that
/// lives on sees its writes anyway. Registered under a name of its own for as long as it lives.
class shim_vfs {
public:
    /// The rules must outlive the shim.
    explicit shim_vfs(std::vector<io_rules*> rules);
    ~shim_vfs();
    shim_vfs(const shim_vfs&) = delete;
    shim_vfs& operator=(const shim_vfs&) = delete;

    const std::string& name() const { return name_; }

private:
    struct file;
    struct calls;

    int ask(const io_call& call) const;
    void tell(const io_call& call, int code) const;

    const std::vector<io_rules*> rules_;
    std::string name_;
    sqlite3_vfs* real_;
    sqlite3_vfs own_;
};

}  // namespace kindred::store
