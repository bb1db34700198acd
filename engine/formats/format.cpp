#include "engine/formats/format.h"

#include "engine/formats/reading.h"
#include "engine/formats/writing.h"

#include <array>
#include <exception>
#include <new>
#include <utility>

namespace querent::formats {
namespace {

constexpr std::array<std::pair<Format, const char*>, 9> kWords = {{{Format::Voc, "voc"},
                                                                   {Format::Coco, "coco"},
                                                                   {Format::Yolo, "yolo"},
                                                                   {Format::Csv, "csv"},
                                                                   {Format::Audacity, "audacity"},
                                                                   {Format::Raven, "raven"},
                                                                   {Format::BirdNet, "birdnet"},
                                                                   {Format::Folders, "folders"},
                                                                   {Format::LabelStudio, "labelstudio"}}};

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

Result<Dataset> readAs(Format format, const ReadOptions& options, const Job& job) {
    std::error_code problem;
    if (!std::filesystem::exists(options.from, problem))
        return fail(ErrorCode::NotFound, "There is no such file or folder.", options.from);
    switch (format) {
        case Format::Voc:
            return readVoc(options, job);
        case Format::Coco:
            return readCoco(options, job);
        case Format::Yolo:
            return readYolo(options, job);
        case Format::Csv:
            return readCsv(options, job);
        case Format::Audacity:
            return readAudacity(options, job);
        case Format::Raven:
            return readRaven(options, job);
        case Format::BirdNet:
            return readBirdNet(options, job);
        case Format::Folders:
            return readFolders(options, job);
        case Format::LabelStudio:
            return readLabelStudio(options, job);
    }
    return fail(ErrorCode::InvalidArgument, "There is no such format.");
}

Result<LossReport> writeAs(Format format, const Dataset& dataset, const WriteOptions& options, const Job& job) {
    if (options.to.empty()) return fail(ErrorCode::InvalidArgument, "The export needs a target.");
    switch (format) {
        case Format::Voc:
            return writeVoc(dataset, options, job);
        case Format::Coco:
            return writeCoco(dataset, options, job);
        case Format::Yolo:
            return writeYolo(dataset, options, job);
        case Format::Csv:
            return writeCsv(dataset, options, job);
        case Format::Audacity:
            return writeAudacity(dataset, options, job);
        case Format::Raven:
            return writeRaven(dataset, options, job);
        case Format::BirdNet:
            return fail(ErrorCode::Unsupported, "BirdNET's results can be read, but not written.");
        case Format::Folders:
            return writeFolders(dataset, options, job);
        case Format::LabelStudio:
            return writeLabelStudio(dataset, options, job);
    }
    return fail(ErrorCode::InvalidArgument, "There is no such format.");
}

}  // namespace

const char* toText(Format format) {
    for (const auto& [entry, word] : kWords) {
        if (entry == format) return word;
    }
    return "";
}

std::optional<Format> formatFromText(std::string_view text) {
    for (const auto& [format, word] : kWords) {
        if (text == word) return format;
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
    return guarded<LossReport>(options.to, [&] { return writeResults(dataset, options, job); });
}

}  // namespace querent::formats
