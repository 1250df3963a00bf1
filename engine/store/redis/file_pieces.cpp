#include "engine/store/redis/file_pieces.hpp"

#include <zstd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>

namespace kindred::store::redis {
namespace {

constexpr int level = 3;  // about a third of a gigabyte a second, and pages of text become a fourth or less
constexpr std::size_t read_at_once = std::size_t{256} << 10;

struct freer {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

error refused(const std::string& file, std::size_t code) {
    return fail(errc::corrupt, file + ": " + ZSTD_getErrorName(code));
}

result<void> unpack(const std::string& file, const std::function<result<std::string>()>& next) {
    std::ofstream to(file, std::ios::binary | std::ios::trunc);
    const std::unique_ptr<ZSTD_DCtx, freer> context(ZSTD_createDCtx());
    std::string plain(ZSTD_DStreamOutSize(), '\0');
    std::size_t left = 1;
    while (true) {
        const auto piece = next();
        if (!piece) return piece.error();
        if (piece->empty()) break;
        ZSTD_inBuffer in{piece->data(), piece->size(), 0};
        while (in.pos < in.size) {
            ZSTD_outBuffer out{plain.data(), plain.size(), 0};
            left = ZSTD_decompressStream(context.get(), &out, &in);
            if (ZSTD_isError(left) != 0) return refused(file, left);
            to.write(plain.data(), static_cast<std::streamsize>(out.pos));
        }
    }
    if (left != 0) return fail(errc::corrupt, file + ": the snapshot is not whole");
    to.close();
    if (!to) return fail(errc::io, file + ": cannot be written");
    return {};
}

}  // namespace

result<packed_size> pack_file(const std::string& file, const std::function<result<void>(std::string_view)>& each) {
    std::ifstream from(file, std::ios::binary);
    if (!from) return fail(errc::io, file + ": cannot be read");
    const std::unique_ptr<ZSTD_CCtx, freer> context(ZSTD_createCCtx());
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    std::string plain(read_at_once, '\0');
    std::string piece(piece_bytes, '\0');
    ZSTD_outBuffer out{piece.data(), piece.size(), 0};
    packed_size size;
    const auto give = [&]() -> result<void> {
        size.packed += out.pos;
        auto given = each({piece.data(), out.pos});
        out.pos = 0;
        return given;
    };
    for (bool ended = false; !ended;) {
        from.read(plain.data(), static_cast<std::streamsize>(plain.size()));
        if (from.bad()) return fail(errc::io, file + ": cannot be read");
        ended = from.eof();
        ZSTD_inBuffer in{plain.data(), static_cast<std::size_t>(from.gcount()), 0};
        size.plain += in.size;
        for (std::size_t left = 1; ended ? left != 0 : in.pos < in.size;) {
            left = ZSTD_compressStream2(context.get(), &out, &in, ended ? ZSTD_e_end : ZSTD_e_continue);
            if (ZSTD_isError(left) != 0) return refused(file, left);
            if (out.pos < out.size) continue;
            if (auto given = give(); !given) return given.error();
        }
    }
    if (out.pos != 0)
        if (auto given = give(); !given) return given.error();
    return size;
}

result<void> unpack_file(const std::string& file, const std::function<result<std::string>()>& next) {
    auto done = unpack(file, next);
    std::error_code ignored;
    if (!done) std::filesystem::remove(file, ignored);
    return done;
}

}  // namespace kindred::store::redis
