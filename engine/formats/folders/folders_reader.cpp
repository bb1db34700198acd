#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/reading.h"
#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <map>

namespace querent::formats::folders {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnassigned = "unassigned";  // where our exports put items without a split

std::string_view firstPart(std::string_view name) {
    return name.substr(0, name.find('/'));
}
std::string_view behindFirstPart(std::string_view name) {
    const std::size_t slash = name.find('/');
    return slash == std::string_view::npos ? std::string_view() : name.substr(slash + 1);
}

class FoldersReader {
 public:
    FoldersReader(const ReadOptions& options, const Job& job) : m_options(options), m_job(job) {}

    Result<Dataset> run() {
        Result<matching::MediaIndex> index = scanMedia(m_options.from, m_job, m_complaints, hasMediaExtension);
        if (!index) return index.error();
        m_index = std::move(*index);
        if (m_index.names().empty())
            return fail(ErrorCode::NotFound, "There are no pictures and no sounds in this folder.", m_options.from);
        for (const std::string& name : readNameList(m_index.folder() / "classes.txt", m_complaints))
            m_classes.add(name);
        sortFolders();
        for (const std::string& name : m_index.names()) {
            if (m_job.cancelled()) return Job::stopped();
            m_job.report("Reading files", static_cast<std::int64_t>(m_data.items.size()),
                         static_cast<std::int64_t>(m_index.names().size()));
            takeFile(name);
        }
        m_data.classes = m_classes.names();
        return finish(std::move(m_data), std::move(m_complaints), m_options, false);
    }

 private:
    // A folder called train, val or test holds a split when it has folders of its own; else it is a class like others.
    void sortFolders() {
        std::map<std::string, bool> deep;
        for (const std::string& name : m_index.names()) {
            const std::string_view rest = behindFirstPart(name);
            if (!rest.empty()) deep[std::string(firstPart(name))] |= rest.find('/') != std::string_view::npos;
        }
        for (const auto& [folder, isDeep] : deep) {
            if (isDeep && splitFromFolder(folder)) m_splitFolders.insert(folder);
        }
        const bool lone = deep.size() == 1;
        const auto rest = deep.find(std::string(kUnassigned));
        if (rest != deep.end() && rest->second && (lone || !m_splitFolders.empty())) m_splitFolders.insert(rest->first);
        for (const auto& [folder, isDeep] : deep) {
            if (!m_splitFolders.empty() && !m_splitFolders.contains(folder))
                m_complaints.note({m_index.folder() / pathFromUtf8(folder), 0},
                                  "The folder lies beside folders of splits; it was read as the class " +
                                      text::inQuotes(folder) + ".");
        }
    }

    void takeFile(const std::string& name) {
        DatasetItem item;
        item.name = name;
        item.file = m_index.fileOf(name);
        std::string_view rest = name;
        if (m_splitFolders.contains(std::string(firstPart(name)))) {
            item.split = splitFromFolder(firstPart(name));
            rest = behindFirstPart(name);
        }
        measure(item);
        const std::string label(rest.find('/') == std::string_view::npos ? std::string_view()
                                                                         : text::trimmed(firstPart(rest)));
        if (label.empty()) {
            m_complaints.tally({m_index.folder(), 0}, "file lies in no folder of a class; it is unlabelled.",
                               "files lie in no folder of a class; they are unlabelled.");
        } else {
            m_classes.add(label);
            item.boxes.push_back({.label = label});
            item.state = ItemState::Labelled;
        }
        m_data.items.push_back(std::move(item));
    }

    void measure(DatasetItem& item) {
        const Where where{item.file, 0};
        if (modalityOf(item) == Modality::Image) {
            item.size = trueSize(m_options, item.file, true, where, m_complaints);
        } else if (const Result<SoundShape> shape = sounds::soundShapeOf(m_options, item.file)) {
            item.sound = *shape;
        } else if (m_options.soundShape) {
            m_complaints.note(where, "The sound cannot be read: " + shape.error().sentence);
        }
    }

    const ReadOptions& m_options;
    const Job& m_job;
    matching::MediaIndex m_index;
    std::unordered_set<std::string> m_splitFolders;
    Complaints m_complaints;
    ClassList m_classes;
    Dataset m_data;
};

}  // namespace

Result<Dataset> readFolders(const ReadOptions& options, const Job& job) {
    return FoldersReader(options, job).run();
}

}  // namespace querent::formats::folders
