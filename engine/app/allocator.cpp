/// How jemalloc goes about its work (its manual's "TUNING"), read by it before main(). Pages of 2 MiB where the system
/// has them: what waits is visited in no order. A contact's memory is taken by the thread that reads it and given back
/// by those that route and store it: arenas by processor and larger caches of threads. The environment's MALLOC_CONF
/// has the last word (docs/decisions/0011-allocator.md).
extern "C" const char* malloc_conf;
const char* malloc_conf =
    "thp:always,percpu_arena:percpu,lg_tcache_nslots_mul:3,tcache_nslots_small_max:4000,dirty_decay_ms:30000";
