#include "engine/formats/sounds/sound_items.h"

#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace querent::formats::sounds {
namespace {

namespace fs = std::filesystem;

double framesOf(double seconds, int rate) {
    const double frames = seconds * rate;
    const double whole = std::round(frames);
    const double slack = 4.0 * std::numeric_limits<double>::epsilon() * std::abs(frames);
    return std::abs(frames - whole) <= slack ? whole : frames;
}

bool isSplitList(std::string_view name) {
    return name == "train.txt" || name == "val.txt" || name == "valid.txt" || name == "test.txt";
}

fs::path soundFolder(const ReadOptions& options, const fs::path& labels) {
    if (!options.files.empty()) return options.files;
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(labels, problem)) {
        if (hasSoundExtension(utf8(entry.path().filename()))) return labels;
    }
    const fs::path close = firstFolder({labels / "audio", labels.parent_path() / "audio"});
    return close.empty() ? labels : close;
}

}  // namespace

Result<SoundShape> soundShapeOf(const ReadOptions& options, const fs::path& file) {
    if (!options.soundShape) return fail(ErrorCode::InvalidArgument, "Sounds cannot be opened here.", file);
    Result<SoundShape> shape = options.soundShape(file);
    if (shape && shape->empty()) return fail(ErrorCode::Malformed, "The sound has no samples.", file);
    return shape;
}

std::optional<Box> acceptRegion(const TimeRegion& region, const SoundShape& shape, const Where& where,
                                const std::string& what, Complaints& complaints) {
    const Box raw{framesOf(region.begin, shape.rate), region.low.value_or(0.0), framesOf(region.end, shape.rate),
                  region.high.value_or(shape.nyquist())};
    if (!std::isfinite(raw.left + raw.top + raw.right + raw.bottom)) {
        complaints.drop(where, what + " has a side that is not a number.");
        return std::nullopt;
    }
    const Box ordered = raw.normalised();
    if (ordered.left != raw.left) complaints.note(where, what + " ends before it begins; the times were swapped.");
    if (ordered.top != raw.top && region.low && region.high)
        complaints.note(where, what + " has its frequencies swapped; they were put in order.");
    const auto frames = static_cast<double>(shape.frames);
    const Box inside{std::clamp(ordered.left, 0.0, frames), std::clamp(ordered.top, 0.0, shape.nyquist()),
                     std::clamp(ordered.right, 0.0, frames), std::clamp(ordered.bottom, 0.0, shape.nyquist())};
    if (inside.empty()) {
        const char* reason = " has no height: its frequencies are the same.";
        if (!(ordered.right > ordered.left)) {
            reason = " is a point in time; only stretches of time can be labels.";
        } else if (!(inside.right > inside.left)) {
            reason = " lies wholly outside of the sound.";
        } else if (ordered.bottom > ordered.top) {
            reason = " lies above the highest frequency of the sound.";
        }
        complaints.drop(where, what + reason);
        return std::nullopt;
    }
    // Six decimals of a second may put an edge less than a frame outside; that is nobody's mistake.
    constexpr double kSlack = 0.5;
    if (inside.left - ordered.left > kSlack || ordered.right - inside.right > kSlack)
        complaints.note(where, what + " reaches out of the sound; it was cut at the end.");
    if (inside.top - ordered.top > kSlack || ordered.bottom - inside.bottom > kSlack)
        complaints.tally(where, "label reaches beyond the frequencies of its sound; it was cut there.",
                         "labels reach beyond the frequencies of their sounds; they were cut there.");
    return inside;
}

std::optional<double> localNumber(std::string_view text, const Where& where, Complaints& complaints) {
    if (const std::optional<double> number = text::parseNumber(text)) return number;
    if (std::count(text.begin(), text.end(), ',') != 1) return std::nullopt;
    std::string dotted(text);
    std::replace(dotted.begin(), dotted.end(), ',', '.');
    const std::optional<double> number = text::parseNumber(dotted);
    if (number)
        complaints.tally({where.path, where.line}, "number has a decimal comma; it was read as a point.",
                         "numbers have decimal commas; they were read as points.");
    return number;
}

bool hasTextExtension(std::string_view name) {
    return text::lowered(name).ends_with(".txt");
}

bool isOurList(std::string_view name) {
    return name == "classes.txt" || (name.starts_with("splits/") && isSplitList(name.substr(7)));
}

Result<std::vector<std::string>> labelFiles(const ReadOptions& options, bool (*wanted)(std::string_view),
                                            const Job& job) {
    std::error_code problem;
    if (!fs::is_directory(options.from, problem)) return std::vector<std::string>{utf8(options.from.filename())};
    Result<std::vector<std::string>> names = matching::filesBelow(options.from, wanted, job);
    if (!names) return names;
    const bool listsToo = fs::equivalent(options.from, options.splits, problem);
    std::erase_if(*names,
                  [listsToo](const std::string& name) { return isOurList(name) || (isSplitList(name) && listsToo); });
    if (names->empty()) return fail(ErrorCode::NotFound, "There are no label files in this folder.", options.from);
    return names;
}

fs::path folderOfLabels(const fs::path& from) {
    std::error_code problem;
    const fs::path path = fs::absolute(from, problem).lexically_normal();
    if (!fs::is_directory(path, problem)) return path.parent_path();
    return path.has_filename() ? path : path.parent_path();
}

namespace {

// Sounds whose path ends so to the last letter, with or without its extension.
std::vector<std::string> endingIn(const matching::MediaIndex& index, std::string_view name) {
    const std::string_view base = text::baseName(name);
    std::vector<std::string> sounds = index.byBase(base);
    for (std::string& sound : index.byBaseStem(base))
        sounds.push_back(std::move(sound));
    const std::string end = std::string(1, '/').append(name);
    std::erase_if(sounds, [&](const std::string& sound) {
        return !sound.ends_with(end) && !text::withoutExtension(sound).ends_with(end);
    });
    return sounds;
}

}  // namespace

matching::MediaIndex::Found soundOfLabels(const matching::MediaIndex& index, std::string_view name) {
    if (std::string exact = index.exactly(name); !exact.empty()) return {std::move(exact), true, {}};
    std::vector<std::string> found = index.byName(name);
    if (found.empty()) found = index.byStem(name);
    if (found.empty()) found = endingIn(index, name);
    if (found.empty()) found = index.byBase(text::baseName(name));
    if (found.empty()) found = index.byBaseStem(text::baseName(name));
    if (found.size() == 1) return {found.front(), true, {}};
    if (found.size() > 1)
        return {{},
                false,
                "Several sounds share the name of this label file, so it cannot be told which one it is about; it was "
                "left out."};
    return {std::string(name) + (hasSoundExtension(name) ? "" : ".wav"), false, {}};
}

Result<void> SoundItems::scan(const fs::path& folder, const Job& job) {
    Result<matching::MediaIndex> index = scanMedia(folder, job, m_complaints, hasSoundExtension);
    if (!index) return index.error();
    m_index = std::move(*index);
    for (const std::string& name : m_index.names()) {
        if (job.cancelled()) return Job::stopped();
        job.report("Reading sounds", static_cast<std::int64_t>(m_items.size()),
                   static_cast<std::int64_t>(m_index.names().size()));
        itemOf(name, true, {});
    }
    return {};
}

std::size_t SoundItems::itemOf(const std::string& name, bool exists, const Where& where) {
    const auto [place, isNew] = m_places.emplace(name, m_items.size());
    if (!isNew) return place->second;
    DatasetItem item;
    item.name = name;
    item.file = m_index.fileOf(name);
    State state;
    if (!exists) {
        state.problem = "it is missing";
        m_complaints.note(where, "The sound " + text::inQuotes(name) + " is missing.");
    } else if (const Result<SoundShape> shape = soundShapeOf(m_options, item.file)) {
        item.sound = *shape;
    } else {
        state.problem = "it cannot be read";
        m_complaints.note({item.file, 0}, "The sound cannot be read: " + shape.error().sentence);
    }
    m_items.push_back(std::move(item));
    m_states.push_back(std::move(state));
    return place->second;
}

std::optional<SoundShape> SoundItems::shapeOf(const std::string& name) const {
    const auto place = m_places.find(name);
    return place == m_places.end() ? std::nullopt : std::optional(m_items[place->second].sound);
}

bool SoundItems::add(std::size_t position, DatasetBox box, const TimeRegion& region, const Where& where) {
    DatasetItem& item = m_items[position];
    State& state = m_states[position];
    state.mentioned = true;
    if (item.sound.empty()) {
        if (!state.unplaced)
            m_complaints.drop(where, "The labels of the sound " + text::inQuotes(item.name) +
                                         " cannot be placed and are left out, because " + state.problem + ".");
        state.unplaced = true;
        ++state.lost;
        return false;
    }
    box.box = acceptRegion(region, item.sound, where, "The label " + text::inQuotes(box.label), m_complaints);
    if (!box.box) return ++state.lost, false;
    item.boxes.push_back(std::move(box));
    return true;
}

std::vector<DatasetItem> SoundItems::take(bool said) {
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const State& state = m_states[i];
        const ItemState empty = state.mentioned && said ? ItemState::ConfirmedEmpty : ItemState::Unlabelled;
        settle(m_items[i], {}, state.lost, empty);
    }
    return std::move(m_items);
}

Result<Dataset> SoundItems::finishWith(const std::vector<std::string>& classes, const fs::path& labels, bool said) {
    Dataset data;
    data.classes = classes;
    data.items = take(said);
    if (m_options.splits.empty()) {
        if (Result<void> applied = applySplitLists(labels / "splits", false, data.items, m_complaints); !applied)
            return applied.error();
    }
    return finish(std::move(data), std::move(m_complaints), m_options);
}

Result<std::vector<std::string>> SoundLabelReader::begin(bool (*wanted)(std::string_view)) {
    Result<std::vector<std::string>> names = labelFiles(m_options, wanted, m_job);
    if (!names) return names;
    if (Result<void> scanned = m_sounds.scan(soundFolder(m_options, m_root), m_job); !scanned) return scanned.error();
    return names;
}

void SoundLabelReader::addListedClasses() {
    m_classes.addListed({m_root / "classes.txt", m_root.parent_path() / "classes.txt"}, m_complaints);
}

}  // namespace querent::formats::sounds
