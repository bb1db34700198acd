#include "engine/session/shard.h"

#include "engine/learn/detect/shard.h"
#include "engine/learn/detector_config.h"
#include "engine/session/learning/learner.h"
#include "engine/session/learning/snapshot.h"

#include <algorithm>

namespace querent::session {

Result<std::int64_t> packShard(const Project& project, const std::filesystem::path& file, const Job& job) {
    const ProjectSettings settings = project.settings();
    if (settings.task != TaskKind::Detect || settings.media != std::vector<Modality>{Modality::Image}) {
        return fail(ErrorCode::Unsupported, "Only projects about boxes on pictures can be packed.", project.file());
    }
    const auto labelled = learning::takeSnapshot(project, Split::Train, learning::Answers::Labels);
    if (!labelled) return labelled.error();
    if (labelled->items.count() == 0) return fail(ErrorCode::NotFound, "The train split has no labelled items.");
    learn::DetectorConfig detector;
    detector.size = settings.networkSize;
    detector.classes = std::max(1, labelled->classCount());
    detector.input = learning::networkInput(labelled->items);
    const auto written = learn::detect::writeShard(file, detector, labelled->items, job);
    if (!written) return written.error();
    return static_cast<std::int64_t>(labelled->items.count());
}

}  // namespace querent::session
