#include "engine/formats/coco/coco_records.h"

#include "engine/formats/text/json_source.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace querent::formats::coco {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::pair<std::string_view, CocoField>, 11> kRecordKeys = {{{"id", CocoField::Id},
                                                                                 {"file_name", CocoField::FileName},
                                                                                 {"width", CocoField::Width},
                                                                                 {"height", CocoField::Height},
                                                                                 {"image_id", CocoField::ImageId},
                                                                                 {"category_id", CocoField::CategoryId},
                                                                                 {"name", CocoField::Name},
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
        if (n > static_cast<number_unsigned_t>(INT64_MAX)) return number_float(static_cast<double>(n), {});
        return value({CocoValue::Kind::Integer, static_cast<double>(n), static_cast<std::int64_t>(n), {}});
    }
    bool number_float(number_float_t n, const string_t&) { return value({CocoValue::Kind::Real, n, 0, {}}); }
    bool string(string_t& text) {
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
                if (m_key == "segmentation") m_record.hasMask = true;
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
            m_sink(m_record);
            m_place = Place::Section;
        } else if (m_place == Place::Attributes) {
            m_place = Place::Record;
        } else {
            m_place = Place::Outside;
        }
        return true;
    }

    bool start_array(std::size_t) {
        if (m_skip > 0) {
            if (m_inMask) m_record.hasMask = true;
            return ++m_skip, true;
        }
        if (m_place == Place::Outside) {
            beginSection(CocoSection::Results);
        } else if (const auto section = sectionOf(m_key); m_place == Place::Top && section) {
            beginSection(*section);
        } else if (m_place == Place::Record && (m_key == "bbox" || m_key == "al_box")) {
            m_numbers = m_key == "bbox" ? &m_record.bbox : &m_record.exact;
            m_numbers->clear();
            m_place = Place::Numbers;
        } else {
            m_inMask = m_place == Place::Record && m_key == "segmentation";
            m_skip = 1;
        }
        return true;
    }

    bool end_array() {
        if (m_skip > 0) {
            if (--m_skip == 0) m_inMask = false;
        } else if (m_place == Place::Numbers) {
            m_place = Place::Record;
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
    enum class Place { Outside, Top, Section, Record, Attributes, Numbers };

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
        m_record.position = ++m_position;
        m_place = Place::Record;
    }

    bool value(CocoValue value) {
        if (m_skip > 0) {
            if (m_inMask) m_record.hasMask = true;
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
    std::size_t m_skip = 0;  // depth inside something that is left out
    bool m_inMask = false;
    std::int64_t m_position = 0;
    std::vector<CocoValue>* m_numbers = nullptr;
};

}  // namespace

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
