// Every reader of label files, on a folder with a few pictures and sounds.

#include "engine/core/name_limits.h"
#include "engine/core/paths.h"
#include "engine/formats/format.h"
#include "engine/formats/recognise.h"
#include "engine/formats/text/encoding.h"
#include "tests/fuzz/target.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace fuzz {
namespace fs = std::filesystem;
using namespace querent;
using namespace querent::formats;
namespace {

const Size kPicture{40, 30};
const SoundShape kSound{8000, 1, 16000};
constexpr const char* kMedia[] = {"a.png", "b.jpg", "sub/a.png", "images/a.png", "images/train/b.jpg",
                                  "c.wav", "d.mp3", "sub/c.wav"};

const fs::path& dataFolder() {
    static const fs::path folder = [] {
        fs::path made = scratch() / "data";
        for (const char* name : kMedia) {
            fs::create_directories((made / name).parent_path());
            writeFile(made / name, "x");
        }
        return made;
    }();
    return folder;
}

/** The files of a bundle in the folder of the media, as long as it lives. */
class Placed {
 public:
    explicit Placed(std::string_view bytes) {
        for (const NamedFile& file : unbundled(bytes)) {
            const fs::path path = dataFolder() / file.name;
            std::error_code problem;
            if (fs::exists(path, problem) || problem) continue;
            for (fs::path folder = path.parent_path(); !fs::exists(folder, problem); folder = folder.parent_path())
                m_made.push_back(folder);
            fs::create_directories(path.parent_path(), problem);
            writeFile(path, file.bytes);
            m_made.push_back(path);
        }
    }
    Placed(const Placed&) = delete;
    Placed& operator=(const Placed&) = delete;
    ~Placed() {
        std::error_code ignored;
        for (const fs::path& path : m_made)
            fs::remove_all(path, ignored);
    }

 private:
    std::vector<fs::path> m_made;
};

ReadOptions readingFrom(const fs::path& from) {
    ReadOptions options;
    options.from = from;
    options.imageSize = [](const fs::path&) { return Result<Size>(kPicture); };
    options.orientation = [](const fs::path& file) { return file.extension() == ".jpg" ? 6 : 1; };
    options.soundShape = [](const fs::path&) { return Result<SoundShape>(kSound); };
    return options;
}

void checkText(const std::string& text, std::size_t longest, const char* what) {
    require(!text.empty() && text.size() <= longest && text::isUtf8(text), std::string("A bad ") + what + ": " + text);
}

void checkBox(const DatasetBox& answer, const DatasetItem& item) {
    checkText(answer.label, kLongestName, "class");
    if (answer.score) require(*answer.score >= 0.0 && *answer.score <= 1.0, "A score out of [0, 1].");
    if (!answer.box) return;
    const Box& box = *answer.box;
    require(std::isfinite(box.left) && std::isfinite(box.top) && std::isfinite(box.right) && std::isfinite(box.bottom),
            "A box that is not finite.");
    require(box.left < box.right && box.top < box.bottom && box.left >= 0.0 && box.top >= 0.0, "A box of nothing.");
    if (item.size.width > 0)
        require(box.right <= item.size.width && box.bottom <= item.size.height, "A box outside of its picture.");
    if (item.sound.rate > 0)
        require(box.right <= static_cast<double>(item.sound.frames) && box.bottom <= item.sound.rate / 2.0,
                "A box outside of its sound.");
}

/** What every reader promises of what it returns. */
void check(const Dataset& data) {
    const std::set<std::string> classes(data.classes.begin(), data.classes.end());
    require(classes.size() == data.classes.size(), "A class that is listed twice.");
    for (const std::string& name : data.classes)
        checkText(name, kLongestName, "class");
    std::set<std::string> names;
    for (const DatasetItem& item : data.items) {
        checkText(item.name, kLongestItemName, "name");
        require(names.insert(item.name).second, "Two items of one name: " + item.name);
        require(item.lost == 0 || (item.state != ItemState::Labelled && item.state != ItemState::ConfirmedEmpty),
                "An item counts as complete that lost something.");
        require(item.state != ItemState::ConfirmedEmpty || item.boxes.empty(), "An empty item that has answers.");
        for (const DatasetBox& answer : item.boxes) {
            checkBox(answer, item);
            require(classes.contains(answer.label), "An answer of a class that is not listed: " + answer.label);
        }
    }
    for (const Complaint& complaint : data.complaints)
        require(!complaint.sentence.empty() && text::isUtf8(complaint.sentence), "A sentence that is no text.");
}

template <Format format>
void readLabels(std::string_view bytes) {
    const Placed files(bytes);
    const Result<Dataset> data = read(format, readingFrom(dataFolder()));
    if (data) check(*data);
}

template <Format format>
void readPredictions(std::string_view bytes) {
    const Placed files(bytes);
    ReadOptions options = readingFrom(dataFolder());
    options.asPredictions = true;
    options.classes = {"cat", "dog"};
    options.imageNames = {{1, "a.png"}, {2, "b.jpg"}};
    const Result<Dataset> data = read(format, options);
    if (data) check(*data);
}

/** Two pictures, or two sounds, with what most formats can hold. */
Dataset example(Format format) {
    const bool sounds = format == Format::Audacity || format == Format::Raven;
    Dataset data;
    data.classes = {"cat", "dog", "weiße Katze"};
    for (const char* name : {"a.png", "b.jpg", "sub/a.png", "c.wav"}) {
        DatasetItem item;
        item.name = name;
        item.file = dataFolder() / name;
        if ((modalityOf(item) == Modality::Audio) != sounds) continue;
        item.size = sounds ? Size{} : kPicture;
        item.sound = sounds ? kSound : SoundShape{};
        item.state = ItemState::Labelled;
        item.split = item.name == "b.jpg" ? Split::Val : Split::Train;
        const double scale = sounds ? 100.0 : 1.0;
        item.boxes.push_back({.label = "cat", .box = Box{2 * scale, 3 * scale, 20 * scale, 25 * scale}});
        item.boxes.push_back({.label = "weiße Katze", .box = Box{0, 0, 40 * scale, 30 * scale}, .difficult = true});
        item.boxes.back().score = 0.5;
        data.items.push_back(std::move(item));
    }
    return data;
}

template <Format format>
std::vector<std::string> written() {
    std::vector<std::string> seeds;
    for (const bool whole : {false, true}) {
        Dataset data = example(format);
        if (whole) {
            for (DatasetItem& item : data.items) {
                item.boxes.resize(1);
                item.boxes.front().box.reset();
            }
        }
        WriteOptions options;
        options.to = scratch() / "written";
        std::error_code ignored;
        fs::remove_all(options.to, ignored);
        if (write(format, data, options)) seeds.push_back(bundledFolder(options.to));
        fs::remove_all(options.to, ignored);
    }
    return seeds;
}

std::vector<std::string> cocoResults() {
    return {bundled({{"results.json", R"([{"image_id":1,"category_id":2,"bbox":[1,2,3.5,4],"score":0.5},)"
                                      R"({"image_id":2,"category_id":1,"bbox":[0,0,40,30],"score":1}])"}})};
}

std::vector<std::string> labelStudioMore() {
    std::vector<std::string> seeds = written<Format::LabelStudio>();
    seeds.push_back(bundled(
        {{"config.xml", R"(<View><Image name="i" value="$pic"/><RectangleLabels name="l" toName="i"/></View>)"},
         {"t.json",
          R"([{"id":1,"data":{"pic":"/data/upload/1/0a1b2c3d-a.png"},"annotations":[{"result":[)"
          R"({"id":"r","type":"polygonlabels","original_width":40,"original_height":30,"value":{"points":[[1,1],[50,)"
          R"(1],[50,50]],"polygonlabels":["cat"]}},{"id":"b","type":"brushlabels","original_width":8,)"
          R"("original_height":8,"value":{"format":"rle","rle":[0,0,1,0,9,8,7,64,3,255,128],"brushlabels":["dog"]}},)"
          R"({"id":"e","type":"ellipselabels","original_width":40,"original_height":30,"value":{"x":50,"y":50,)"
          R"("radiusX":10,"radiusY":5,"rotation":30,"ellipselabels":["cat"]}}]}]}])"}}));
    seeds.push_back(
        bundled({{"min.json", R"([{"image":"a.png","id":3,"annotation_id":4,"label":[{"x":1,"y":2,"width":30,)"
                              R"("height":40,"rotation":15,"rectanglelabels":["cat"],"original_width":40,)"
                              R"("original_height":30}]}])"}}));
    seeds.push_back(bundled({{"lines.json", "{\"data\":{\"image\":\"a.png\"}}\n{\"data\":{\"image\":\"b.jpg\"}}\n"}}));
    return seeds;
}

std::vector<std::string> birdNet() {
    return {
        bundled({{"c.BirdNET.results.csv",
                  "Start (s),End (s),Scientific name,Common name,Confidence\n0.0,1.5,Turdus merula,\"Blackbird, "
                  "common\",0.9\n"}}),
        bundled({{"c.BirdNET.results.r.csv",
                  "filepath,start,end,scientific_name,common_name,confidence,lat,lon,week,overlap,sensitivity,min_"
                  "conf,species_list,model\nc.wav,0,1.5,Turdus merula,Blackbird,0.5,-1,-1,-1,0,1,0.1,,x\n"}}),
        bundled({{"c.BirdNET.selection.table.txt",
                  "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tCommon "
                  "Name\tSpecies Code\tConfidence\n1\tSpectrogram 1\t1\t0\t1.5\t50\t3000\tBlackbird\teurbla\t0.7\n"}})};
}

std::vector<std::string> createMl() {
    return {bundled(
        {{"_annotations.createml.json",
          R"([{"image":"a.png","annotations":[{"label":"cat","coordinates":{"x":10,"y":9,"width":8,"height":6}}]},)"
          R"({"imagefilename":"b.jpg","annotation":[{"label":"dog","coordinates":{"x":0.5,"y":0.5,"width":0.2,)"
          R"("height":0.5}}]},{"image":"sub/a.png","annotations":["cat"]}])"}})};
}

std::vector<std::string> megaDetector() {
    return {bundled({{"md.json", R"({"images":[{"file":"sub\\a.png","detections":[{"category":"1","conf":0.92,"bbox":)"
                                 R"([0.1,0.1,0.3,0.3]}]},{"file":"b.jpg","failure":"x"}],"detection_categories":)"
                                 R"({"1":"animal","2":"person"},"info":{"format_version":"1.3"}})"}})};
}

std::vector<std::string> manifests() {
    std::vector<std::string> seeds = written<Format::Csv>();
    seeds.push_back(bundled({{"manifest.csv",
                              "id,image,caption,label,split\n1,a.png,\"a, cat\",cat,train\n"
                              "2,b.jpg,,\"cat;dog\",val\n"}}));
    seeds.push_back(bundled({{"esc50.csv", "filename,fold,target,category\nc.wav,1,0,dog\nd.mp3,2,1,rain\n"}}));
    seeds.push_back(bundled({{"annotations.csv",
                              "filename;width;height;class;xmin;ymin;xmax;ymax\n"
                              "a.png;40;30;cat;1;2;30;20\n"}}));
    return seeds;
}

std::vector<std::string> cocoMore() {
    std::vector<std::string> seeds = written<Format::Coco>();
    seeds.push_back(bundled(
        {{"x.json", R"({"images":[{"id":"x1","file_name":"a.png","width":40,"height":30}],"categories":[{"id":3,)"
                    R"("name":"cat"}],"annotations":[{"id":1,"image_id":"x1","category_id":3,"iscrowd":1,)"
                    R"("segmentation":{"size":[30,40],"counts":"PPYo1"}},{"id":2,"image_id":"x1","category_id":3,)"
                    R"("segmentation":[[1,1,9,1,9,9]]},{"id":3,"image_id":"x1","category_id":3,"segmentation":)"
                    R"({"size":[30,40],"counts":[100,20,1080]}}]})"}}));
    return seeds;
}

void decodeText(std::string_view bytes) {
    const Result<text::Decoded> decoded = text::decoded(std::string(bytes), {});
    if (decoded) require(text::isUtf8(decoded->text) && text::isUtf8(decoded->remark), "Decoded text is no UTF-8.");
    if (decoded) require(text::isUtf8(text::composed(decoded->text)), "Composed text is no UTF-8.");
    require(text::isUtf8(recogniseText(bytes).what), "What a file is must be a text.");
}

std::vector<std::string> texts() {
    return {"\xEF\xBB\xBFwei\xC3\x9F",
            std::string("\xFF\xFEw\0e\0", 6),
            "<?xml version=\"1.0\" encoding=\"GBK\"?><a>\xC4\xE3\xBA\xC3</a>",
            "na\xEFve caf\xE9",
            "\x83\x81\x83\x5C",
            "u\xCC\x88",
            R"({"version":"5.0","shapes":[],"imagePath":"a.png"})",
            "PK\x03\x04"};
}

constexpr Target kTargets[] = {
    {"voc", readLabels<Format::Voc>, written<Format::Voc>},
    {"coco", readLabels<Format::Coco>, cocoMore},
    {"coco_results", readPredictions<Format::Coco>, cocoResults},
    {"yolo", readLabels<Format::Yolo>, written<Format::Yolo>},
    {"csv", readLabels<Format::Csv>, manifests},
    {"audacity", readLabels<Format::Audacity>, written<Format::Audacity>},
    {"raven", readLabels<Format::Raven>, written<Format::Raven>},
    {"birdnet", readLabels<Format::BirdNet>, birdNet},
    {"labelstudio", readLabels<Format::LabelStudio>, labelStudioMore},
    {"labelstudio_predictions", readPredictions<Format::LabelStudio>, labelStudioMore},
    {"labelme", readLabels<Format::Labelme>, written<Format::Labelme>},
    {"cvat", readLabels<Format::Cvat>, written<Format::Cvat>},
    {"createml", readLabels<Format::CreateMl>, createMl},
    {"megadetector", readPredictions<Format::MegaDetector>, megaDetector},
    {"encoding", decodeText, texts},
};

}  // namespace

std::span<const Target> labelTargets() {
    return kTargets;
}

}  // namespace fuzz
