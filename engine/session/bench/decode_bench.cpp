#include "engine/core/stopwatch.h"
#include "engine/media/picture.h"
#include "engine/media/resize.h"
#include "engine/session/bench/bench.h"
#include "engine/session/bench/generated.h"

#include <numeric>

namespace querent::session::bench {

Result<BenchFigures> benchDecode(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    const std::filesystem::path file = folder / "twelve-megapixels.jpg";
    if (const auto written = media::writeJpeg(noisePicture({4000, 3000}, 3), file, 90); !written)
        return written.error();
    BenchFigures figures;
    Stopwatch watch;
    const auto whole = media::decode(file);
    if (!whole) return whole.error();
    figures["decode_12mp_ms"] = watch.seconds() * 1e3;
    watch = Stopwatch();
    media::DecodeOptions window;
    window.wanted = {1600, 1200};
    if (const auto reduced = media::decode(file, window); !reduced) return reduced.error();
    figures["decode_for_window_ms"] = watch.seconds() * 1e3;
    watch = Stopwatch();
    // Volatile, or the compiler leaves the pass out: nobody needs the sum.
    [[maybe_unused]] const volatile auto sum = std::accumulate(whole->rgb.begin(), whole->rgb.end(), std::int64_t{0});
    figures["one_pass_over_pixels_ms"] = watch.seconds() * 1e3;
    return figures;
}

}  // namespace querent::session::bench
