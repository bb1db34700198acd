#include "engine/learn/detect/shard.h"

#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "engine/learn/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>

// magic "QSHARD\r\n" | u32 version | u32 length, size name | i32 classes, width, height | u64 pictures
// each picture: i64 id | i32 width, height (original) | u32 boxes
//     each box: f64 left, top, right, bottom (original pixels) | i32 label | u8 difficult | u8 crowd
//     u8[height * width * 3] at the network's size
// u64 FNV-1a over everything before. All little-endian.

namespace querent::learn::detect {

namespace {

constexpr std::string_view kMagic("QSHARD\r\n", 8);
constexpr std::uint32_t kVersion = 1;

class Writer {
 public:
    template <typename T>
    void put(T value) {
        std::uint64_t bits = 0;
        std::memcpy(&bits, &value, sizeof value);  // a big-endian machine would need more; we support none
        for (std::size_t i = 0; i < sizeof value; ++i)
            bytes += static_cast<char>(bits >> (8 * i));
    }
    void putText(std::string_view text) {
        put(static_cast<std::uint32_t>(text.size()));
        bytes += text;
    }
    std::string bytes;
};

class Reader {
 public:
    explicit Reader(std::string_view bytes) : m_bytes(bytes) {}

    template <typename T>
    T get() {
        T value{};
        const std::string_view part = take(sizeof value);
        if (part.size() == sizeof value) std::memcpy(&value, part.data(), sizeof value);
        return value;
    }
    /** Less than asked for, and good() false, at the end. */
    std::string_view take(std::size_t n) {
        m_good = m_good && n <= m_bytes.size();
        if (!m_good) return {};
        const std::string_view part = m_bytes.substr(0, n);
        m_bytes.remove_prefix(n);
        return part;
    }
    bool good() const { return m_good; }
    std::size_t left() const { return m_bytes.size(); }

 private:
    std::string_view m_bytes;
    bool m_good = true;
};

/** The pictures of a shard, all in memory. */
class PackedImages : public ItemSource {
 public:
    struct Entry {
        ItemTruth truth;
        Raster picture;
    };
    explicit PackedImages(std::vector<Entry> entries) : m_entries(std::move(entries)) {}

    std::size_t count() const override { return m_entries.size(); }
    ItemTruth truth(std::size_t index) const override { return m_entries[index].truth; }
    Result<Raster> load(std::size_t index, Size) const override { return m_entries[index].picture; }

 private:
    std::vector<Entry> m_entries;
};

void putEntry(Writer& out, const ItemTruth& truth, const Raster& picture) {
    out.put(truth.item);
    out.put(static_cast<std::int32_t>(truth.size.width));
    out.put(static_cast<std::int32_t>(truth.size.height));
    out.put(static_cast<std::uint32_t>(truth.boxes.size()));
    for (const TrueBox& b : truth.boxes) {
        for (const double side : {b.box.left, b.box.top, b.box.right, b.box.bottom})
            out.put(side);
        out.put(static_cast<std::int32_t>(b.label));
        out.put(static_cast<std::uint8_t>(b.difficult));
        out.put(static_cast<std::uint8_t>(b.crowd));
    }
    out.bytes.append(reinterpret_cast<const char*>(picture.rgb.data()), picture.rgb.size());
}

PackedImages::Entry getEntry(Reader& in, Size input) {
    PackedImages::Entry entry;
    entry.truth.item = in.get<std::int64_t>();
    entry.truth.size.width = in.get<std::int32_t>();
    entry.truth.size.height = in.get<std::int32_t>();
    const auto boxes = in.get<std::uint32_t>();
    for (std::uint32_t i = 0; i < boxes && in.good(); ++i) {
        TrueBox b;
        for (double* side : {&b.box.left, &b.box.top, &b.box.right, &b.box.bottom})
            *side = in.get<double>();
        b.label = in.get<std::int32_t>();
        b.difficult = in.get<std::uint8_t>() != 0;
        b.crowd = in.get<std::uint8_t>() != 0;
        entry.truth.boxes.push_back(b);
    }
    entry.picture.size = input;
    const std::string_view pixels = in.take(entry.picture.stride() * static_cast<std::size_t>(input.height));
    entry.picture.rgb.assign(pixels.begin(), pixels.end());
    return entry;
}

/** Boxes of the shard's own classes, in places that are numbers. */
bool possible(const ItemTruth& truth, int classes) {
    return std::all_of(truth.boxes.begin(), truth.boxes.end(), [classes](const TrueBox& b) {
        const bool finite = std::isfinite(b.box.left) && std::isfinite(b.box.top) && std::isfinite(b.box.right) &&
                            std::isfinite(b.box.bottom);
        return finite && b.label >= 0 && b.label < classes;
    });
}

Result<void> verified(std::string_view all, const std::filesystem::path& path) {
    if (!all.starts_with(kMagic)) return fail(ErrorCode::Malformed, "The file is not a shard.", path);
    const Error damaged = fail(ErrorCode::Corrupt, "The shard is damaged or cut short.", path);
    if (all.size() < kMagic.size() + 12) return damaged;
    if (Reader(all.substr(kMagic.size())).get<std::uint32_t>() > kVersion) {
        return fail(ErrorCode::NewerVersion, "The shard was written by a newer version of Querent.", path);
    }
    const std::string_view content = all.substr(0, all.size() - 8);
    if (Reader(all.substr(content.size())).get<std::uint64_t>() != fnv1a(content)) return damaged;
    return {};
}

}  // namespace

Result<void> writeShard(const std::filesystem::path& path, const DetectorConfig& detector, const ItemSource& source,
                        const Job& job) {
    if (detector.input.empty()) return fail(ErrorCode::InvalidArgument, "The network's input size must be positive.");
    Writer out;
    out.bytes = kMagic;
    out.put(kVersion);
    out.putText(detector.size);
    out.put(static_cast<std::int32_t>(detector.classes));
    out.put(static_cast<std::int32_t>(detector.input.width));
    out.put(static_cast<std::int32_t>(detector.input.height));
    out.put(static_cast<std::uint64_t>(source.count()));
    for (std::size_t i = 0; i < source.count(); ++i) {
        if (job.cancelled()) return Job::stopped();
        const Result<Raster> picture = source.load(i, detector.input);
        if (!picture) return picture.error();
        if (picture->empty()) return fail(ErrorCode::Malformed, "A picture was decoded to nothing.");
        putEntry(out, source.truth(i), resized(*picture, detector.input));
        job.report("Packing", static_cast<std::int64_t>(i + 1), static_cast<std::int64_t>(source.count()));
    }
    out.put(fnv1a(out.bytes));
    return replaceWhole(path, out.bytes);
}

Result<Shard> readShard(const std::filesystem::path& path) {
    const Result<std::string> bytes = readWhole(path);
    if (!bytes) return bytes.error();
    if (const Result<void> good = verified(*bytes, path); !good) return good.error();
    Reader in(std::string_view(*bytes).substr(kMagic.size(), bytes->size() - kMagic.size() - 8));
    in.get<std::uint32_t>();
    Shard shard;
    shard.detector.size = in.take(in.get<std::uint32_t>());
    shard.detector.classes = in.get<std::int32_t>();
    shard.detector.input.width = in.get<std::int32_t>();
    shard.detector.input.height = in.get<std::int32_t>();
    const auto count = in.get<std::uint64_t>();
    const Size input = shard.detector.input;
    std::vector<PackedImages::Entry> entries;
    const bool plausible = input.width > 0 && input.height > 0 && input.width <= 16384 && input.height <= 16384;
    for (std::uint64_t i = 0; plausible && i < count && in.good(); ++i)
        entries.push_back(getEntry(in, input));
    const int classes = shard.detector.classes;
    const bool sound = std::all_of(entries.begin(), entries.end(), [classes](const PackedImages::Entry& entry) {
        return possible(entry.truth, classes);
    });
    if (!plausible || !in.good() || in.left() != 0 || !sound) {
        return fail(ErrorCode::Corrupt, "The shard's content does not add up.", path);
    }
    shard.images = std::make_shared<PackedImages>(std::move(entries));
    return shard;
}

}  // namespace querent::learn::detect
