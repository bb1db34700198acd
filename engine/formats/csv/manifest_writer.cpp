#include "engine/core/paths.h"
#include "engine/formats/csv/csv_writer.h"
#include "engine/formats/text/csv_table.h"
#include "engine/formats/text/text.h"
#include "engine/formats/writing.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace querent::formats::csv {
namespace {

namespace fs = std::filesystem;

constexpr Capability kManifest = {.name = "A manifest",
                                  .pictures = true,
                                  .sounds = true,
                                  .texts = true,
                                  .severalMedia = true,
                                  .fractions = true,
                                  .outside = true,
                                  .frequencies = true,
                                  .wholeItem = true,
                                  .unknownSize = true};

// One row, its cells not yet quoted.
struct Row {
    std::string id;
    std::string split;
    std::string classes;
    std::array<std::string, 3> media;  // by Modality
};

std::vector<DatasetMedium> mediaOf(const DatasetItem& item) {
    if (!item.media.empty()) return item.media;
    return {{modalityOf(item), item.name, item.file, {}}};
}

class ManifestWriter {
 public:
    ManifestWriter(ExportPlan& plan, fs::path folder, bool copy)
        : m_plan(plan), m_folder(std::move(folder)), m_copy(copy) {}

    void take(const ExportItem& out) {
        Row row;
        row.id = idOf(*out.item);
        row.split = splitText(*out.item, "");
        row.classes = classesOf(out);
        std::array<bool, 3> filled{};
        for (const DatasetMedium& medium : mediaOf(*out.item)) {
            const auto column = static_cast<std::size_t>(medium.modality);
            m_media += filled[column];
            if (std::exchange(filled[column], true)) continue;
            row.media[column] = medium.modality == Modality::Text ? medium.text : pathOf(medium);
        }
        m_rows.push_back(std::move(row));
    }

    void say(LossReport& report) const {
        const auto line = [&](std::int64_t count, const char* one, const char* many) {
            if (count > 0) report.lines.push_back(text::counted(count, one, many));
        };
        line(m_media, "medium is left out: a manifest has one column for each kind of medium.",
             "media are left out: a manifest has one column for each kind of medium.");
        line(m_barred, "class is left out, because '|' in its name joins classes.",
             "classes are left out, because '|' in their names joins classes.");
        line(m_unsettled, "class of an item that is not labelled cannot be told from a label and is left out.",
             "classes of items that are not labelled cannot be told from labels and are left out.");
        line(m_missing, "file is missing and cannot be copied.", "files are missing and cannot be copied.");
        report.boxes -= m_barred + m_unsettled;
    }

    const std::vector<Row>& rows() const { return m_rows; }
    const std::set<std::string>& classes() const { return m_classes; }  // that rows have

 private:
    std::string idOf(const DatasetItem& item) {
        const std::string wanted(text::trimmed(item.key.empty() ? item.name : item.key));
        std::string id = wanted;
        for (int i = 2; !m_ids.insert(id).second; ++i)
            id = wanted + "#" + std::to_string(i);
        return id;
    }

    std::string classesOf(const ExportItem& out) {
        std::string names;
        for (const DatasetBox* box : out.boxes) {
            if (!isTrainable(out.item->state)) {
                ++m_unsettled;
            } else if (box->label.find('|') != std::string::npos) {
                ++m_barred;
            } else {
                names.append(names.empty() ? "" : "|").append(box->label);
                m_classes.insert(box->label);
            }
        }
        return names;
    }

    // Relative to the manifest where the file lies below it, so that the folder can be moved; else absolute.
    std::string pathOf(const DatasetMedium& medium) {
        std::error_code problem;
        const bool there = fs::is_regular_file(medium.file, problem);
        if (m_copy && there) return copyOf(medium);
        m_missing += m_copy;
        if (!medium.file.is_absolute()) return medium.path;
        const std::string name = utf8(medium.file.lexically_normal().lexically_relative(m_folder));
        return name.empty() || name.starts_with("..") ? utf8(medium.file) : name;
    }

    // Several items may share a file; several files of one name get folders of their own.
    std::string copyOf(const DatasetMedium& medium) {
        const std::string wanted = text::leadsOut(medium.path) ? utf8(medium.file.filename()) : medium.path;
        std::string name = "media/" + wanted;
        for (int i = 2;; ++i) {
            const auto [entry, isNew] = m_copies.emplace(name, medium.file);
            if (isNew) m_plan.addCopy(name, medium.file);
            if (entry->second == medium.file) return name;
            name = "media/" + std::to_string(i) + "/" + wanted;
        }
    }

    ExportPlan& m_plan;
    fs::path m_folder;
    bool m_copy;
    std::vector<Row> m_rows;
    std::set<std::string> m_ids;
    std::set<std::string> m_classes;
    std::map<std::string, fs::path> m_copies;
    std::int64_t m_media = 0, m_barred = 0, m_unsettled = 0, m_missing = 0;
};

void writeRows(std::ostream& out, const std::vector<Row>& rows) {
    out << "id,split,class,image,audio,text\n";
    const auto cell = [](const std::string& text) { return text::csvField(text::guarded(text)); };
    for (const Row& row : rows)
        out << cell(row.id) << ',' << row.split << ',' << cell(row.classes) << ',' << cell(row.media[0]) << ','
            << cell(row.media[1]) << ',' << cell(row.media[2]) << '\n';
}

}  // namespace

bool isManifest(const Dataset& dataset, CsvLayout layout) {
    if (layout != CsvLayout::Auto) return layout == CsvLayout::Manifest;
    bool whole = false;
    for (const DatasetItem& item : dataset.items) {
        for (const DatasetBox& box : item.boxes) {
            if (box.box) return false;
            whole = true;
        }
    }
    return whole;
}

Result<LossReport> writeManifest(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    const Result<ExportView> view = makeView(dataset, options, kManifest);
    if (!view) return view.error();
    const Target target = targetOf(options, ".csv");
    const bool single = !target.file.empty();
    LossReport report = reportOf(*view);
    ExportPlan plan(target.folder, single ? ".querent-export-files" : ".querent-export-csv", !single);
    ManifestWriter writer(plan, target.folder, options.images == Images::Copy);
    for (const ExportItem& item : view->items)
        writer.take(item);
    writer.say(report);
    if (single) sayNoClassList(*view, writer.classes(), report);
    plan.add(single ? target.file : "manifest.csv", [&writer](std::ostream& out) { writeRows(out, writer.rows()); });
    if (!single) planClassList(plan, *view, report);
    return finishExport(plan, std::move(report), dataset, options, job);
}

}  // namespace querent::formats::csv
