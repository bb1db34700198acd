#include "engine/formats/coco/coco_reader.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <cmath>

namespace querent::formats::coco {
namespace {

using Kind = CocoValue::Kind;

bool isPresent(const CocoValue& value) {
    return value.kind != Kind::Missing && value.kind != Kind::Null;
}

std::string titleOf(const char* kind, const CocoRecord& record) {
    std::string title = std::string(kind) + " " + std::to_string(record.position);
    const CocoValue& id = record[CocoField::Id];
    if (id.kind == Kind::Text) title += " (id " + text::inQuotes(id.text) + ")";
    if (id.kind == Kind::Integer) title += " (id " + std::to_string(id.integer) + ")";
    return title;
}

}  // namespace

Result<void> CocoFile::read(const Job& job) {
    Result<CocoShape> shape = streamCoco(m_path, job, [this](const CocoRecord& record) { take(record); });
    if (!shape) return shape.error();
    m_shape = *shape;
    for (std::int64_t i = 0; i < std::min<std::int64_t>(m_shape.nonNumbers, 1); ++i) {
        m_complaints.note({m_path, 0}, "The file has " + text::counted(m_shape.nonNumbers, "value", "values") +
                                           " NaN or Infinity, which JSON does not know; they count as missing.");
    }
    leaveOutHeadings();
    return {};
}

// Roboflow writes a first category that is only the heading of the others: nothing is ever of it.
void CocoFile::leaveOutHeadings() {
    for (const auto& [id, name] : m_categories) {
        if (m_categories.size() < 2 || m_usedCategories.contains(id) || !m_superCategories.contains(name)) continue;
        if (std::erase(m_categoryNames, name) > 0)
            m_complaints.note({m_path, 0}, "The category " + text::inQuotes(name) +
                                               " is only the heading of others; it did not become a class.");
    }
}

std::optional<std::string> CocoFile::category(const CocoId& id) const {
    const auto found = m_categories.find(id);
    if (found == m_categories.end()) return std::nullopt;
    return found->second;
}

// JSON's own numbers, and numbers written as text with a note; never true, false or null.
std::optional<double> CocoFile::number(const CocoValue& value, const Where& where) {
    if (value.kind == Kind::Integer || value.kind == Kind::Real)
        return std::isfinite(value.number) ? std::optional(value.number) : std::nullopt;
    if (value.kind != Kind::Text) return std::nullopt;
    const std::optional<double> parsed = text::parseNumber(value.text);
    if (parsed)
        m_complaints.tally(where, "number is written as text; it was read as a number.",
                           "numbers are written as text; they were read as numbers.");
    return parsed;
}

std::optional<std::int64_t> CocoFile::integer(const CocoValue& value, const Where& where) {
    if (value.kind == Kind::Integer) return value.integer;
    const std::optional<double> parsed = number(value, where);
    return parsed ? text::wholeNumber(*parsed) : std::nullopt;
}

std::optional<CocoId> CocoFile::id(const CocoValue& value, const Where& where) {
    if (value.kind == Kind::Real && !value.text.empty()) return value.text;  // beyond 64 bits
    if (value.kind == Kind::Text) {
        const std::string name(text::trimmed(value.text));
        const bool digits = !name.empty() && name.find_first_not_of("-0123456789") == std::string::npos;
        if (digits)
            m_complaints.tally(where, "id is a number written as text; it was read as a number.",
                               "ids are numbers written as text; they were read as numbers.");
        return name.empty() ? std::nullopt : std::optional(name);
    }
    const std::optional<std::int64_t> number = integer(value, where);
    return number ? std::optional(std::to_string(*number)) : std::nullopt;
}

bool CocoFile::flag(const CocoValue& value) const {
    if (value.kind == Kind::Text) {
        const std::string word = text::lowered(text::trimmed(value.text));
        return word == "1" || word == "true" || word == "yes";
    }
    return value.number != 0.0;
}

void CocoFile::take(const CocoRecord& record) {
    switch (record.section) {
        case CocoSection::Images:
            return takeImage(record);
        case CocoSection::Categories:
            return takeCategory(record);
        case CocoSection::Annotations:
        case CocoSection::Results:
            return takeAnnotation(record);
    }
}

void CocoFile::takeImage(const CocoRecord& record) {
    const Where where{m_path, record.line};
    const std::string title = titleOf("Image", record);
    CocoImage image;
    const std::optional<CocoId> id = this->id(record[CocoField::Id], where);
    if (!id) return m_complaints.drop(where, title + " has no id.");
    image.id = *id;
    image.fileName = record[CocoField::FileName].text;
    if (text::trimmed(image.fileName).empty()) return m_complaints.drop(where, title + " has no file_name.");
    if (++m_imageIds[image.id] > 1)
        return m_complaints.drop(where, title + " has an id that another image has already.");
    const auto side = [&](CocoField field) {
        const double length = number(record[field], where).value_or(0.0);
        return length >= 1.0 && length <= 1e9 ? static_cast<int>(length) : 0;
    };
    image.size = {side(CocoField::Width), side(CocoField::Height)};
    if (image.size.empty()) image.size = {};
    image.state = itemStateFromText(record[CocoField::Status].text);
    image.split = splitFromText(record[CocoField::Split].text);
    image.line = record.line;
    m_images.push_back(std::move(image));
}

void CocoFile::takeCategory(const CocoRecord& record) {
    const Where where{m_path, record.line};
    const std::string title = titleOf("Category", record);
    const std::optional<CocoId> id = this->id(record[CocoField::Id], where);
    const std::string name(text::trimmed(record[CocoField::Name].text));
    if (!id) return m_complaints.drop(where, title + " has no id.");
    if (name.empty()) return m_complaints.drop(where, title + " has no name.");
    if (const std::string over(text::trimmed(record[CocoField::SuperCategory].text)); over != name)
        m_superCategories.insert(over);
    const auto [entry, isNew] = m_categories.emplace(*id, name);
    if (!isNew && entry->second != name)
        return m_complaints.drop(where, title + " has the id of the category " + text::inQuotes(entry->second) + ".");
    if (std::find(m_categoryNames.begin(), m_categoryNames.end(), name) != m_categoryNames.end()) {
        m_complaints.note(where,
                          "The category name " + text::inQuotes(name) + " appears twice; both became one class.");
    } else {
        m_categoryNames.push_back(name);
    }
}

bool CocoFile::readBox(const CocoRecord& record, const std::string& title, CocoAnnotation& annotation) {
    const Where where{m_path, record.line};
    if (record.bbox.empty()) {
        std::optional<Box> around = record.outline;
        if (!around) around = boxOf(record.runs);
        if (around) {
            annotation.box = *around;
            m_complaints.tally(where, "annotation has a mask or polygon and no bbox; the box around it was read.",
                               "annotations have a mask or polygon and no bbox; the boxes around them were read.");
            return true;
        }
    }
    if (record.bbox.size() != 4) {
        m_complaints.drop(where,
                          title + (record.bbox.empty() ? " has no bbox." : " has a bbox that is not four numbers."));
        return false;
    }
    std::array<double, 4> n{};
    for (std::size_t i = 0; i < 4; ++i) {
        const std::optional<double> entry = number(record.bbox[i], where);
        if (!entry) {
            m_complaints.drop(where, title + " has a bbox with an entry that is not a number.");
            return false;
        }
        n[i] = *entry;
    }
    annotation.box = {n[0], n[1], n[0] + n[2], n[1] + n[3]};
    // Our own files add the edges where x + w cannot give them back to the last bit; a tool that moved the box since
    // will not have known of them.
    if (record.exact.size() == 4) {
        const auto& e = record.exact;
        const Box exact{e[0].number, e[1].number, e[2].number, e[3].number};
        const Box& box = annotation.box;
        const double off = std::max({std::abs(exact.left - box.left), std::abs(exact.top - box.top),
                                     std::abs(exact.right - box.right), std::abs(exact.bottom - box.bottom)});
        if (off < 1e-6) annotation.box = exact;
    }
    return true;
}

void CocoFile::readFlags(const CocoRecord& record, const std::string& title, CocoAnnotation& annotation) {
    const Where where{m_path, record.line};
    DatasetBox& flags = annotation.flags;
    if (record[CocoField::IsCrowd].kind == Kind::Null)
        m_complaints.tally(where, "iscrowd is null; it counts as 0.", "values of iscrowd are null; they count as 0.");
    flags.crowd = flag(record[CocoField::IsCrowd]);
    flags.difficult = flag(record[CocoField::Difficult]);
    flags.truncated = flag(record[CocoField::Truncated]);
    flags.occluded = flag(record[CocoField::Occluded]);
    flags.provenance = record[CocoField::Provenance].text;
    flags.annotator = record[CocoField::Annotator].text;
    if (isPresent(record[CocoField::Round])) {
        const std::int64_t round = integer(record[CocoField::Round], where).value_or(0);
        flags.round = static_cast<int>(std::clamp<std::int64_t>(round, 0, 1000000));
    }
    if (!isPresent(record[CocoField::Score])) return;
    flags.score = number(record[CocoField::Score], where);
    if (flags.score && *flags.score >= 0.0 && *flags.score <= 1.0) return;
    flags.score.reset();
    m_complaints.note(where, title + " has a score that is not between 0 and 1; it was read without.");
}

void CocoFile::takeAnnotation(const CocoRecord& record) {
    const Where where{m_path, record.line};
    CocoAnnotation annotation;
    annotation.line = record.line;
    annotation.position = record.position;
    const std::string title = titleOf(record.section == CocoSection::Results ? "Result" : "Annotation", record);
    const std::optional<CocoId> image = id(record[CocoField::ImageId], where);
    if (!image) return m_complaints.drop(where, title + " has no image_id.");
    annotation.imageId = *image;
    const std::optional<CocoId> category = id(record[CocoField::CategoryId], where);
    if (!category) {
        ++m_lost[annotation.imageId];
        return m_complaints.drop(where, title + " has no category_id.");
    }
    annotation.categoryId = *category;
    m_usedCategories.insert(*category);
    if (!readBox(record, title, annotation)) {
        ++m_lost[annotation.imageId];
        return;
    }
    if (record[CocoField::Id].kind == Kind::Integer && record.section == CocoSection::Annotations) {
        const std::int64_t id = record[CocoField::Id].integer;
        if (id == 0)
            m_complaints.tally(where, "annotation has the id 0, which COCO's evaluation takes for \"no match\".",
                               "annotations have the id 0, which COCO's evaluation takes for \"no match\".");
        if (++m_annotationIds[id] > 1)
            m_complaints.note(where, title + " has an id that another annotation has already; both were read.");
    }
    if (record.hasMask && !record.bbox.empty())
        m_complaints.tally(where, "annotation has a mask or polygon; its box was read, the outline was not.",
                           "annotations have a mask or polygon; their boxes were read, the outlines were not.");
    readFlags(record, title, annotation);
    m_annotations.push_back(std::move(annotation));
}

}  // namespace querent::formats::coco
