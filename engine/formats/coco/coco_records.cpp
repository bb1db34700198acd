#include "engine/formats/coco/coco_records.h"

#include "engine/formats/text/json_source.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace querent::formats::coco {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::pair<std::string_view, CocoField>, 12> kRecordKeys = {
    {{"id", CocoField::Id},
     {"file_name", CocoField::FileName},
     {"width", CocoField::Width},
     {"height", CocoField::Height},
     {"image_id", CocoField::ImageId},
     {"category_id", CocoField::CategoryId},
     {"name", CocoField::Name},
     {"supercategory", CocoField::SuperCategory},
     {"iscrowd", CocoField::IsCrowd},
     {"score", CocoField::Score},
     {"al_status", CocoField::Status},
     {"al_split", CocoField::Split}}};
constexpr std::array<std::pair<std::string_view, CocoField>, 6> kAttributeKeys = {
    {{"provenance", CocoField::Provenance},
     {"annotator", CocoField::Annotator},
     {"round", CocoField::Round},
     {"difficult", CocoField::Difficult},
     {"truncated", CocoField::Truncated},
     {"occluded", CocoField::Occluded}}};

template <std::size_t N>
std::optional<CocoField> fieldOf(const std::array<std::pair<std::string_view, CocoField>, N>& keys,
                                 std::string_view key) {
    for (const auto& [word, field] : keys) {
        if (word == key) return field;
    }
    return std::nullopt;
}

std::optional<CocoSection> sectionOf(std::string_view key) {
    if (key == "images") return CocoSection::Images;
    if (key == "annotations") return CocoSection::Annotations;
    if (key == "categories") return CocoSection::Categories;
    return std::nullopt;
}

// Follows the parser through the file. Only four kinds of place matter; whatever lies elsewhere is skipped by depth.
class Handler {
 public:
    using number_integer_t = Json::number_integer_t;
    using number_unsigned_t = Json::number_unsigned_t;
    using number_float_t = Json::number_float_t;
    using string_t = Json::string_t;
    using binary_t = Json::binary_t;

    Handler(const text::JsonSource& source, const std::function<void(const CocoRecord&)>& sink)
        : m_source(source), m_sink(sink) {}

    const CocoShape& shape() const { return m_shape; }
    const std::string& problem() const { return m_problem; }

    bool null() { return value({CocoValue::Kind::Null, 0.0, 0, {}}); }
    bool boolean(bool flag) { return value({CocoValue::Kind::Bool, flag ? 1.0 : 0.0, flag ? 1 : 0, {}}); }
    bool number_integer(number_integer_t n) { return value({CocoValue::Kind::Integer, static_cast<double>(n), n, {}}); }
    bool number_unsigned(number_unsigned_t n) {
        if (n > static_cast<number_unsigned_t>(INT64_MAX))
            return number_float(static_cast<double>(n), std::to_string(n));
        return value({CocoValue::Kind::Integer, static_cast<double>(n), static_cast<std::int64_t>(n), {}});
    }
    bool number_float(number_float_t n, const string_t& digits) {
        const bool whole = !digits.empty() && digits.find_first_not_of("-0123456789") == std::string::npos;
        return value({CocoValue::Kind::Real, n, 0, whole ? digits : std::string()});
    }
    bool string(string_t& text) {
        if (m_place == Place::Runs && m_skip == 0 && m_key == "counts") m_record.runs.packed = std::move(text);
        if (m_place != Place::Record && m_place != Place::Attributes && m_place != Place::Numbers) return true;
        return value({CocoValue::Kind::Text, 0.0, 0, std::move(text)});
    }
    bool binary(binary_t&) { return true; }

    bool key(string_t& text) {
        if (m_skip == 0) m_key = std::move(text);
        return true;
    }

    bool start_object(std::size_t) {
        if (m_skip > 0) return ++m_skip, true;
        switch (m_place) {
            case Place::Outside:
                m_shape.isObject = true;
                m_place = Place::Top;
                return true;
            case Place::Section:
                beginRecord();
                return true;
            case Place::Record:
                if (m_key == "segmentation") {
                    m_record.hasMask = true;
                    m_place = Place::Runs;
                    return true;
                }
                if (m_key != "attributes") return m_skip = 1, true;
                m_place = Place::Attributes;
                return true;
            default:
                m_skip = 1;
                return true;
        }
    }

    bool end_object() {
        if (m_skip > 0) return --m_skip, true;
        if (m_place == Place::Record) {
            m_record.line = m_source.line();
            const bool named = m_record[CocoField::ImageId].kind != CocoValue::Kind::Missing;
            if (m_record.section == CocoSection::Results && named) m_shape.hasResults = true;
            m_sink(m_record);
            m_place = Place::Section;
        } else if (m_place == Place::Attributes || m_place == Place::Runs) {
            m_place = Place::Record;
        } else {
            m_place = Place::Outside;
        }
        return true;
    }

    bool start_array(std::size_t) {
        if (m_skip > 0) return ++m_skip, true;
        if (m_place == Place::Outside) {
            beginSection(CocoSection::Results);
        } else if (const auto section = sectionOf(m_key); m_place == Place::Top && section) {
            beginSection(*section);
        } else if (m_place == Place::Record && (m_key == "bbox" || m_key == "al_box")) {
            m_numbers = m_key == "bbox" ? &m_record.bbox : &m_record.exact;
            m_numbers->clear();
            m_place = Place::Numbers;
        } else if (m_place == Place::Record && m_key == "segmentation") {
            m_place = Place::Polygons;
            m_depth = 0;
        } else if (m_place == Place::Polygons) {
            ++m_depth;
            m_across.reset();
        } else if (m_place == Place::Runs && (m_key == "counts" || m_key == "size")) {
            m_place = m_key == "counts" ? Place::Counts : Place::RunSize;
        } else {
            m_skip = 1;
        }
        return true;
    }

    bool end_array() {
        if (m_skip > 0) {
            --m_skip;
        } else if (m_place == Place::Polygons && m_depth > 0) {
            --m_depth;
        } else if (m_place == Place::Numbers || m_place == Place::Polygons) {
            m_place = Place::Record;
        } else if (m_place == Place::Counts || m_place == Place::RunSize) {
            m_place = Place::Runs;
        } else if (m_place == Place::Section) {
            m_place = m_shape.isObject ? Place::Top : Place::Outside;
        }
        return true;
    }

    bool parse_error(std::size_t, const std::string& token, const nlohmann::detail::exception& problem) {
        m_problem = text::jsonProblem(token, problem.what());
        return false;
    }

 private:
    enum class Place { Outside, Top, Section, Record, Attributes, Numbers, Polygons, Runs, Counts, RunSize };

    void beginSection(CocoSection section) {
        m_place = Place::Section;
        m_record.section = section;
        m_position = 0;
        if (section == CocoSection::Images) m_shape.hasImages = true;
        if (section == CocoSection::Annotations) m_shape.hasAnnotations = true;
    }

    void beginRecord() {
        for (CocoValue& field : m_record.fields)
            field = {};
        m_record.bbox.clear();
        m_record.exact.clear();
        m_record.hasMask = false;
        m_record.outline.reset();
        m_record.runs = {};
        m_record.position = ++m_position;
        m_place = Place::Record;
    }

    // Polygons are lists of x, y, x, y; the box around all of them is kept, not the points.
    void addCorner(double number) {
        m_record.hasMask = true;
        if (!m_across) {
            m_across = number;
            return;
        }
        const Box point{*m_across, number, *m_across, number};
        Box& box = m_record.outline ? *m_record.outline : m_record.outline.emplace(point);
        box = {std::min(box.left, point.left), std::min(box.top, point.top), std::max(box.right, point.right),
               std::max(box.bottom, point.bottom)};
        m_across.reset();
    }

    void addCount(const CocoValue& value) {
        constexpr std::size_t kMost = 10'000'000;
        if (m_record.runs.counts.size() < kMost) m_record.runs.counts.push_back(value.integer);
    }

    bool value(CocoValue value) {
        if (m_skip > 0) return true;
        if (m_place == Place::Polygons) return addCorner(value.number), true;
        if (m_place == Place::Counts) return addCount(value), true;
        if (m_place == Place::RunSize) {
            if (m_record.runs.height == 0) m_record.runs.height = value.integer;
            return true;
        }
        if (m_place == Place::Numbers) {
            if (m_numbers->size() < 5) m_numbers->push_back(std::move(value));
            return true;
        }
        std::optional<CocoField> field;
        if (m_place == Place::Record) field = fieldOf(kRecordKeys, m_key);
        if (m_place == Place::Attributes) field = fieldOf(kAttributeKeys, m_key);
        if (field) m_record[*field] = std::move(value);
        return true;
    }

    const text::JsonSource& m_source;
    const std::function<void(const CocoRecord&)>& m_sink;
    CocoShape m_shape;
    CocoRecord m_record;
    std::string m_key;
    std::string m_problem;
    Place m_place = Place::Outside;
    std::size_t m_skip = 0;          // depth inside something that is left out
    std::size_t m_depth = 0;         // of lists inside a segmentation
    std::optional<double> m_across;  // the x of a point whose y is to come
    std::int64_t m_position = 0;
    std::vector<CocoValue>* m_numbers = nullptr;
};

// COCO's packing: six-bit groups of signed numbers, from the third on as differences to the last but one.
std::vector<std::int64_t> unpacked(std::string_view packed) {
    std::vector<std::int64_t> counts;
    for (std::size_t i = 0; i < packed.size();) {
        std::int64_t number = 0;
        int shift = 0;
        bool more = true;
        while (more) {
            if (i == packed.size() || shift > 55) return {};
            const int c = static_cast<unsigned char>(packed[i++]) - 48;
            if (c < 0 || c > 63) return {};
            number |= static_cast<std::int64_t>(c & 0x1F) << shift;
            shift += 5;
            more = (c & 0x20) != 0;
            if (!more && (c & 0x10) != 0) number |= -(std::int64_t{1} << shift);
        }
        if (counts.size() > 2) number += counts[counts.size() - 2];
        counts.push_back(number);
    }
    return counts;
}

}  // namespace

std::optional<Box> boxOf(const CocoRuns& runs) {
    if (runs.height <= 0) return std::nullopt;
    constexpr std::int64_t kMost = std::int64_t{1} << 50;
    const std::vector<std::int64_t> own = runs.packed.empty() ? std::vector<std::int64_t>() : unpacked(runs.packed);
    const std::vector<std::int64_t>& counts = runs.packed.empty() ? runs.counts : own;
    std::optional<Box> box;
    std::int64_t at = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const std::int64_t count = counts[i];
        if (count < 0 || at + count > kMost) return std::nullopt;
        if (i % 2 == 1 && count > 0) {
            const std::int64_t first = at / runs.height;
            const std::int64_t last = (at + count - 1) / runs.height;
            // A run over the end of a column touches both edges.
            const std::int64_t top = first == last ? at % runs.height : 0;
            const std::int64_t bottom = first == last ? (at + count - 1) % runs.height + 1 : runs.height;
            const Box run{static_cast<double>(first), static_cast<double>(top), static_cast<double>(last + 1),
                          static_cast<double>(bottom)};
            Box& all = box ? *box : box.emplace(run);
            all = {std::min(all.left, run.left), std::min(all.top, run.top), std::max(all.right, run.right),
                   std::max(all.bottom, run.bottom)};
        }
        at += count;
    }
    return box;
}

Result<CocoShape> streamCoco(const std::filesystem::path& path, const Job& job,
                             const std::function<void(const CocoRecord&)>& sink) {
    const auto source = std::make_unique<text::JsonSource>(path, job);
    if (!source->isOpen()) return fail(ErrorCode::Io, "The file cannot be opened.", path);
    Handler handler(*source, sink);
    const bool whole =
        Json::sax_parse(text::JsonSource::Iterator(source.get()), text::JsonSource::Iterator(), &handler);
    if (const auto read = source->outcome(whole, handler.problem()); !read) return read.error();
    CocoShape shape = handler.shape();
    shape.nonNumbers = source->nonNumbers();
    return shape;
}

}  // namespace querent::formats::coco
