#pragma once

#include "engine/core/rng.h"
#include "engine/formats/format.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

/** What the tests of the formats share: a folder of their own, pretended images, random data sets. */
namespace support {

using namespace querent;
using namespace querent::formats;
namespace fs = std::filesystem;

class Folder {
 public:
    fs::path root() const { return fs::path(m_dir.path().toStdString()); }
    fs::path operator/(const char* name) const { return root() / name; }

    fs::path write(const std::string& name, const std::string& text) const {
        const fs::path path = root() / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

 private:
    QTemporaryDir m_dir;
};

inline std::string contents(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/** Pretended images are text files that hold their size: "640 480". */
inline Result<Size> pretendedSize(const fs::path& path) {
    std::istringstream text(contents(path));
    Size size;
    if (!(text >> size.width >> size.height)) return fail(ErrorCode::Malformed, "This is no image.", path);
    return size;
}

inline ReadOptions reading(const fs::path& from, const fs::path& files = {}) {
    ReadOptions options;
    options.from = from;
    options.files = files;
    options.imageSize = pretendedSize;
    return options;
}

inline WriteOptions writing(const fs::path& to) {
    WriteOptions options;
    options.to = to;
    return options;
}

inline std::string allComplaints(const Dataset& data) {
    std::string text;
    for (const Complaint& complaint : data.complaints)
        text += (complaint.fatal ? "dropped " : "noted ") + complaint.where.path.filename().string() + ":" +
                std::to_string(complaint.where.line) + ": " + complaint.sentence + "\n";
    return text;
}

/** True when one complaint has this text, this line (or any, -1) and this weight. */
inline bool complains(const Dataset& data, const std::string& part, std::int64_t line, bool fatal) {
    return std::any_of(data.complaints.begin(), data.complaints.end(), [&](const Complaint& complaint) {
        return complaint.sentence.find(part) != std::string::npos && (line < 0 || complaint.where.line == line) &&
               complaint.fatal == fatal;
    });
}

inline const DatasetItem* itemNamed(const Dataset& data, const std::string& name) {
    const auto found =
        std::find_if(data.items.begin(), data.items.end(), [&](const DatasetItem& item) { return item.name == name; });
    return found == data.items.end() ? nullptr : &*found;
}

/** A picture of 100 x 80 for each name below `folder`/files, each with one box that no other has. */
inline Dataset namedData(const Folder& folder, const std::vector<std::string>& names) {
    Dataset data;
    data.classes = {"x"};
    for (const std::string& name : names) {
        DatasetItem item;
        item.name = name;
        item.file = folder.write("files/" + name, "100 80");
        item.size = {100, 80};
        item.split = Split::Train;
        item.state = ItemState::Labelled;
        const double left = 1.0 + static_cast<double>(data.items.size());
        item.boxes = {{.label = "x", .box = Box{left, 2, left + 10, 20}}};
        data.items.push_back(std::move(item));
    }
    return data;
}

struct RandomOptions {
    bool whole = false;      // boxes of whole pixels
    int longestSide = 4000;  // of the images
    bool allStates = false;
    bool splits = true;
};

inline Box randomBox(Rng& rng, Size size, bool whole) {
    Box box;
    do {
        box = Box{rng.uniform(0, size.width), rng.uniform(0, size.height), rng.uniform(0, size.width),
                  rng.uniform(0, size.height)}
                  .normalised();
        if (rng.chance(0.2)) box.left = rng.chance(0.5) ? 0.0 : rng.uniform(0, 1e-7);
        if (rng.chance(0.2)) box.right = size.width;
        if (whole) box = {std::floor(box.left), std::floor(box.top), std::ceil(box.right), std::ceil(box.bottom)};
    } while (box.width() < 1e-3 || box.height() < 1e-3);
    return box;
}

/** Items with awkward names, their pretended images below `images`. */
inline Dataset randomDataset(Rng& rng, const fs::path& images, const RandomOptions& options) {
    static const std::vector<std::string> kNames = {
        "a.jpg",      "sub/a.jpg",      "Zell Träger ö.png",    "sub/deep/img10.JPG", "img2.jpg",
        "img10.jpg",  "=formula.jpg",   "it's, \"quoted\".png", "細胞/画像 1.tiff",   "no.dots.jpg",
        "-minus.bmp", "train set/b.jpg"};
    Dataset data;
    data.classes = {"RBC", "weiße Zelle", "<&>\"'", "-5", "'=x", "a,b;c", "never used"};
    for (const std::string& name : kNames) {
        DatasetItem item;
        item.name = name;
        item.file = images / fs::path(std::u8string(name.begin(), name.end()));
        item.size = {rng.integer(2, options.longestSide), rng.integer(2, options.longestSide)};
        fs::create_directories(item.file.parent_path());
        std::ofstream(item.file) << item.size.width << ' ' << item.size.height;
        if (options.splits) item.split = static_cast<Split>(rng.index(3));
        const int count = rng.chance(0.3) ? 0 : rng.integer(1, 6);
        for (int i = 0; i < count; ++i) {
            DatasetBox box;
            box.label = data.classes[rng.index(data.classes.size() - 1)];
            box.box = randomBox(rng, item.size, options.whole);
            box.difficult = rng.chance(0.3);
            box.truncated = rng.chance(0.3);
            box.occluded = rng.chance(0.3);
            item.boxes.push_back(box);
        }
        item.state = count > 0 ? ItemState::Labelled : ItemState::ConfirmedEmpty;
        if (options.allStates && rng.chance(0.4)) {
            static constexpr ItemState kStates[] = {ItemState::Skipped, ItemState::Unsure, ItemState::Labelled};
            item.state = kStates[rng.index(3)];
        }
        data.items.push_back(std::move(item));
    }
    return data;
}

/** Fills what only COCO and CSV can hold. */
inline void addDetails(Rng& rng, Dataset& data) {
    for (DatasetItem& item : data.items) {
        for (DatasetBox& box : item.boxes) {
            box.crowd = rng.chance(0.2);
            if (rng.chance(0.5)) box.score = rng.uniform();
            if (rng.chance(0.5)) box.provenance = toText(static_cast<Provenance>(rng.index(4)));
            if (rng.chance(0.5)) box.annotator = rng.chance(0.5) ? "Jürgen \"J\", +1" : "@ana";
            box.round = rng.integer(0, 9);
        }
    }
}

/** Empty when both say the same about every item, else the first difference. `tolerance` in pixels; 0 = to the last
 * bit. */
inline std::string difference(const Dataset& expected, const Dataset& actual, double tolerance = 0.0) {
    if (expected.items.size() != actual.items.size())
        return std::to_string(actual.items.size()) + " items instead of " + std::to_string(expected.items.size());
    for (const DatasetItem& item : expected.items) {
        const DatasetItem* other = itemNamed(actual, item.name);
        const std::string about = " of " + item.name;
        if (!other) return "missing: " + item.name;
        if (other->split != item.split) return "split" + about;
        if (other->state != item.state) return std::string("state ") + toText(other->state) + about;
        if (!(other->size == item.size)) return "size" + about;
        if (!(other->sound == item.sound)) return "sound" + about;
        if (other->file != item.file) return "file " + other->file.string() + about;
        if (other->boxes.size() != item.boxes.size()) return "number of boxes" + about;
        for (std::size_t i = 0; i < item.boxes.size(); ++i) {
            DatasetBox got = other->boxes[i];
            const Box& a = *item.boxes[i].box;
            const Box& b = *got.box;
            const double off = std::max({std::abs(a.left - b.left), std::abs(a.top - b.top),
                                         std::abs(a.right - b.right), std::abs(a.bottom - b.bottom)});
            if (off > tolerance) return "box " + std::to_string(i) + about + " by " + std::to_string(off * 1e6) + "e-6";
            got.box = item.boxes[i].box;
            if (!(got == item.boxes[i])) return "details of box " + std::to_string(i) + about;
        }
    }
    return {};
}

}  // namespace support
