#pragma once
#include "engine/redis/client.hpp"

namespace kindred::store {

/// The ACL SETUSER of docs/redis.md, for the site "main" and the password "secret".
inline kindred::redis::command rights_of_the_manual() {
    return {"ACL",
            "SETUSER",
            "kindred",
            "on",
            ">secret",
            "resetchannels",
            "~kindred:{main}:*",
            "~kindred:{main/*",
            "~kindred:{@sites}:*",
            "+fcall",
            "+wait",
            "+xread",
            "+xrange",
            "+xlen",
            "+hset",
            "+hdel",
            "+hget",
            "+hmget",
            "+hgetall",
            "+set",
            "+get",
            "+persist",
            "+expire",
            "+time",
            "+memory|usage",
            "+role",
            "+info",
            "+config|get",
            "+function|load",
            "+function|list",
            "+client|setname",
            "+hscan",
            "+hincrby",
            "+hsetnx",
            "+xadd",
            "+xdel",
            "+xtrim",
            "+sadd",
            "+smismember",
            "+expireat",
            "+del"};
}

}  // namespace kindred::store
