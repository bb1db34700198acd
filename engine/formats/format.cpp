#include "engine/formats/format.h"

#include "engine/formats/recognise.h"

#include <array>
#include <exception>
#include <new>

namespace querent::formats {

// What each family offers: declared here and not in headers of theirs, so that nothing above a family includes it.
using Reader = Result<Dataset> (*)(const ReadOptions&, const Job&);
using Writer = Result<LossReport> (*)(const Dataset&, const WriteOptions&, const Job&);
#define QUERENT_READER(family, name)                                  \
    namespace family {                                                \
    Result<Dataset> name(const ReadOptions& options, const Job& job); \
    }
#define QUERENT_WRITER(family, name)                                                              \
    namespace family {                                                                            \
    Result<LossReport> name(const Dataset& dataset, const WriteOptions& options, const Job& job); \
    }
QUERENT_READER(voc, readVoc)
QUERENT_WRITER(voc, writeVoc)
QUERENT_READER(coco, readCoco)
QUERENT_WRITER(coco, writeCoco)
QUERENT_WRITER(coco, writeResults)
QUERENT_READER(yolo, readYolo)
QUERENT_WRITER(yolo, writeYolo)
QUERENT_READER(csv, readCsv)
QUERENT_WRITER(csv, writeCsv)
QUERENT_READER(sounds, readAudacity)
QUERENT_WRITER(sounds, writeAudacity)
QUERENT_READER(sounds, readRaven)
QUERENT_WRITER(sounds, writeRaven)
QUERENT_READER(sounds, readBirdNet)
QUERENT_READER(folders, readFolders)
QUERENT_WRITER(folders, writeFolders)
QUERENT_READER(labelstudio, readLabelStudio)
QUERENT_WRITER(labelstudio, writeLabelStudio)
QUERENT_READER(labelme, readLabelme)
QUERENT_WRITER(labelme, writeLabelme)
QUERENT_READER(cvat, readCvat)
QUERENT_WRITER(cvat, writeCvat)
QUERENT_READER(createml, readCreateMl)
QUERENT_READER(megadetector, readMegaDetector)

namespace {

struct Entry {
    Format format;
    const char* word;
    Reader read;
    Writer write;  // null: the format can only be read
};

constexpr std::array kFormats = {
    Entry{Format::Voc, "voc", voc::readVoc, voc::writeVoc},
    Entry{Format::Coco, "coco", coco::readCoco, coco::writeCoco},
    Entry{Format::Yolo, "yolo", yolo::readYolo, yolo::writeYolo},
    Entry{Format::Csv, "csv", csv::readCsv, csv::writeCsv},
    Entry{Format::Audacity, "audacity", sounds::readAudacity, sounds::writeAudacity},
    Entry{Format::Raven, "raven", sounds::readRaven, sounds::writeRaven},
    Entry{Format::BirdNet, "birdnet", sounds::readBirdNet, nullptr},
    Entry{Format::Folders, "folders", folders::readFolders, folders::writeFolders},
    Entry{Format::LabelStudio, "labelstudio", labelstudio::readLabelStudio, labelstudio::writeLabelStudio},
    Entry{Format::Labelme, "labelme", labelme::readLabelme, labelme::writeLabelme},
    Entry{Format::Cvat, "cvat", cvat::readCvat, cvat::writeCvat},
    Entry{Format::CreateMl, "createml", createml::readCreateMl, nullptr},
    Entry{Format::MegaDetector, "megadetector", megadetector::readMegaDetector, nullptr},
};

const Entry* entryOf(Format format) {
    for (const Entry& entry : kFormats) {
        if (entry.format == format) return &entry;
    }
    return nullptr;
}

// The module's edge: whatever a library throws becomes an Error here.
template <typename T, typename Function>
Result<T> guarded(const std::filesystem::path& path, Function&& function) {
    try {
        return function();
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "There is not enough memory for this data set.", path);
    } catch (const std::exception& problem) {
        return fail(ErrorCode::Internal, std::string("An unexpected problem occurred: ") + problem.what(), path);
    }
}

// Where nothing could be read, what the file is tells people more than what it is not.
Error explained(Error error, const Entry& entry, const std::filesystem::path& from) {
    if (error.code != ErrorCode::Malformed && error.code != ErrorCode::NotFound && error.code != ErrorCode::Unsupported)
        return error;
    std::filesystem::path file = from;
    std::error_code problem;
    // The only data file of a folder is as good as the file itself.
    if (std::filesystem::is_directory(from, problem)) {
        file = error.where.path;
        if (!std::filesystem::is_regular_file(file, problem)) return error;
    }
    const Recognised found = recognise(file);
    if (found.what.empty() || found.format == entry.word) return error;
    error.sentence += " The file looks like " + found.what + ".";
    if (!found.format.empty()) error.sentence += " Its format here is " + found.format + ".";
    if (!found.advice.empty()) error.sentence += " " + found.advice;
    return error;
}

Result<Dataset> readAs(Format format, const ReadOptions& options, const Job& job) {
    std::error_code problem;
    if (!std::filesystem::exists(options.from, problem))
        return fail(ErrorCode::NotFound, "There is no such file or folder.", options.from);
    const Entry* entry = entryOf(format);
    if (!entry) return fail(ErrorCode::InvalidArgument, "There is no such format.");
    Result<Dataset> read = entry->read(options, job);
    if (!read) return explained(read.error(), *entry, options.from);
    return read;
}

Result<LossReport> writeAs(Format format, const Dataset& dataset, const WriteOptions& options, const Job& job) {
    if (options.to.empty()) return fail(ErrorCode::InvalidArgument, "The export needs a target.");
    const Entry* entry = entryOf(format);
    if (!entry) return fail(ErrorCode::InvalidArgument, "There is no such format.");
    if (!entry->write)
        return fail(ErrorCode::Unsupported,
                    "The format " + std::string(entry->word) + " can be read, but not written.");
    return entry->write(dataset, options, job);
}

}  // namespace

const char* toText(Format format) {
    const Entry* entry = entryOf(format);
    return entry ? entry->word : "";
}

std::optional<Format> formatFromText(std::string_view text) {
    for (const Entry& entry : kFormats) {
        if (text == entry.word) return entry.format;
    }
    return std::nullopt;
}

Result<Dataset> read(Format format, const ReadOptions& options, const Job& job) {
    return guarded<Dataset>(options.from, [&] { return readAs(format, options, job); });
}

Result<LossReport> write(Format format, const Dataset& dataset, const WriteOptions& options, const Job& job) {
    return guarded<LossReport>(options.to, [&] { return writeAs(format, dataset, options, job); });
}

Result<LossReport> writeCocoResults(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    return guarded<LossReport>(options.to, [&] { return coco::writeResults(dataset, options, job); });
}

}  // namespace querent::formats
