#pragma once

#include "engine/core/file_names.h"
#include "tests/engine/formats/sound_support.h"

#include <set>

/** Random data sets whose files, folders and classes are called as nobody would want them to be called. */
namespace support {

struct AwkwardOptions {
    enum Kind { Boxes, Sounds, Classes } kind = Boxes;  // Classes: of whole pictures and sounds
    bool control = false;                               // tabs and line ends in names as well
};

/** The words between tabs; as a list each would take a line of its own. */
inline std::vector<std::string> listed(std::string_view words) {
    std::vector<std::string> list;
    for (std::size_t end = words.find('\t'); end != std::string_view::npos; end = words.find('\t')) {
        list.emplace_back(words.substr(0, end));
        words.remove_prefix(end + 1);
    }
    list.emplace_back(words);
    return list;
}

inline const std::vector<std::string>& awkwardStems() {
    static const std::vector<std::string> kStems = listed(
        "a\tA\timg 1\timg1\timg01\t img\timg \t-x\t--help\ta..b\ttail.\ta,b\ta;b\ta\"b\t\"a\"\tit's\t"
        "'a'\t%41\ta%20b\ta b\t100%\t#1\ta#2\tq?x=1\tq\ta&b\t<x>\t&amp;\ta\\b\t\\\t\u00e4\ta\u0308\t"
        "\u00c4\te\u0301\t\u00e9\t😀\t👩‍👩‍👧\t細胞\t\ud55c\t\u1112\u1161\u11ab\ttrain\tval\ttest\tlabel"
        "s"
        "\t"
        "images\tdata.yaml\tannotations.csv\tclasses\ttasks\tcon\tNUL\t=1+1\t+1\t@x\t1e5\t007\t7\t7.0\t"
        "null\t~\ttrue\t[x]\t{x}\ta|b\ta:b\tC:x\t$HOME\t`x`\t!x\thttp:\tupload\t0a1b2c3d-a\t0a1b2c3d-A\t"
        "a.txt\ta.json\ta.xml\ta.jpg\ta.png\ta.wav\ta.wav.Table\ta.Table.1\ta.BirdNET\ta.results\trow 1\t"
        "task 1\t1\ta\u00a0b\t\u200b\t\ufeffa\ta.selections\t\u2028x\tinstances_train\tx y 1\tx y\t"
        "x y -1\tdefault");
    return kStems;
}

inline const std::vector<std::string>& awkwardFolders() {
    static const std::vector<std::string> kFolders = listed(
        "sub\ttrain\tval\ttest\timages\tlabels\tAnnotations\tJPEGImages\tmedia\taudio\tsplits\t"
        "unassigned\tdefault\ta b\t lead\ttrail \tdots..\t\u00fc\tu\u0308\t1/2/3/4/5/6\timages/train\t"
        "labels/train\ttrain/images\ta.jpg\t-\tx#y\t100%\t%41\tA\ta,b\tq?\ta\\b\tC:\tcon\tclasses\tcat\t"
        "Cat\t😀\tTraining\tvalid\tobj_train_data\tImageSets/Main\tannotations\t0a1b2c3d-a\t=x\t"
        "labels/labels\tdata\tupload");
    return kFolders;
}

/** The last part of a name of `bytes` bytes, of letters of several bytes each. */
inline std::string longStem(Rng& rng, std::size_t bytes) {
    static const std::vector<std::string> kLetters = {"n", "ß", "細", "😀", "u\u0308"};
    std::string stem;
    const std::string& letter = kLetters[rng.index(kLetters.size())];
    while (stem.size() + letter.size() <= bytes)
        stem += letter;
    stem.append(bytes - stem.size(), 'x');
    return stem;
}

/** A name that a careless reader would take for `name`, or that shares something with it. */
inline std::string namesake(Rng& rng, const std::string& name, const std::vector<std::string>& endings) {
    const std::size_t slash = name.rfind('/');
    const std::string folder = slash == std::string::npos ? std::string() : name.substr(0, slash + 1);
    const std::string base = slash == std::string::npos ? name : name.substr(slash + 1);
    const std::size_t dot = base.rfind('.');
    const std::string stem = base.substr(0, dot);
    const std::string ending = base.substr(dot);
    const auto swapped = [](std::string text, const std::string& from, const std::string& to) {
        const std::size_t at = text.find(from);
        return at == std::string::npos ? text : text.replace(at, from.size(), to);
    };
    switch (rng.index(14)) {
        case 0:
            return folder + stem + endings[rng.index(endings.size())];
        case 1:
            return awkwardFolders()[rng.index(awkwardFolders().size())] + "/" + base;
        case 2:
            return awkwardFolders()[rng.index(awkwardFolders().size())] + "/" + name;
        case 3:
            return base;
        case 4:
            return folder + base + endings[rng.index(endings.size())];
        case 5:
            return swapped(swapped(name, "\u00e4", "a\u0308"), "\u00fc", "u\u0308");
        case 6:
            return swapped(swapped(name, "a\u0308", "\u00e4"), "u\u0308", "\u00fc");
        case 7:
            return folder + swapped(stem, "%41", "A") + ending;
        case 8:
            return folder + swapped(stem, "a", "A") + ending;
        case 9:
            return swapped(name, "/", "\\");
        case 10:
            return folder + swapped(stem, " ", "%20") + ending;
        case 11:
            return folder + "0a1b2c3d-" + base;
        case 12:
            return folder + stem + " 1" + ending;
        default:
            return folder + " " + base;
    }
}

/** `count` different names that can lie in one folder together. */
inline std::vector<std::string> awkwardNames(Rng& rng, std::size_t count, const std::vector<std::string>& endings,
                                             bool control) {
    static const std::vector<std::string> kControl = {"a\tb", "a\nb", "\ta", "a\r", "a\x01z", "a\x7f"};
    std::vector<std::string> names;
    std::set<std::string> files;
    std::set<std::string> folders;
    while (names.size() < count) {
        std::string name;
        if (!names.empty() && rng.chance(0.35)) {
            name = namesake(rng, names[rng.index(names.size())], endings);
        } else {
            const std::string& ending = endings[rng.index(endings.size())];
            for (int depth = rng.integer(0, 2); depth > 0; --depth)
                name += awkwardFolders()[rng.index(awkwardFolders().size())] + "/";
            if (rng.chance(0.08)) {
                name += longStem(rng, static_cast<std::size_t>(rng.integer(0, 2) * 7 + 240) - ending.size());
            } else if (control && rng.chance(0.2)) {
                name += kControl[rng.index(kControl.size())];
            } else {
                name += awkwardStems()[rng.index(awkwardStems().size())];
            }
            name += ending;
        }
        // A folder and a file cannot have the same name, and no part may be longer than the disk takes.
        bool fits = !files.contains(name) && !folders.contains(name);
        std::vector<std::string> above;
        for (std::size_t at = name.find('/'); at != std::string::npos; at = name.find('/', at + 1))
            above.push_back(name.substr(0, at));
        for (const std::string& folder : above)
            fits = fits && !files.contains(folder);
        if (!fits || name.size() - (name.rfind('/') + 1) > 255 || name.size() > 1000) continue;
        files.insert(name);
        folders.insert(above.begin(), above.end());
        names.push_back(name);
    }
    return names;
}

/** Class names, the first ones being those that a data set uses. */
inline std::vector<std::string> awkwardClasses(Rng& rng, bool control) {
    std::vector<std::string> names = listed(
        "RBC\tweiße Zelle\t<&>\"'\t-5\t'=x\t=1+1\ta,b;c\ta,b\ta|b\t7\t07\t7.0\t1e5\tbackground\t"
        "_background_\t__ignore__\ta\"b\tyes\tNo\tnull\tNaN\t~\ttrain\tval\tunassigned\tcat\tCat\t😀\t細胞\t"
        "a/b\ta\\b\t..\t.hidden\tcon\tx:y\t*\t?\t%41\tA\t#1\t- x\t[a]\t{a: b}\t&a\t!t\t@x\t`\t'\t\"\t"
        "a: b\ta #b\tunused_3\tunused_0\ta  b\ta b\t\u00e4\ta\u0308\t\u00a0x\t\u200b\t\ufeffBOM\t"
        "x\u2028y\tend.\t\\n\tlabel:color_rgb:parts:actions\t''\t0\tnc\ttrue\t]]>\t&lt;\t\\\ta,\tclass\t"
        "images\tx 1\t$x\t\x7f");
    names.push_back(longStem(rng, 240));
    if (control) names.insert(names.end(), {"a\tb", "a\nb", "a\rb", "a\r\nb", "a\x01z"});
    rng.shuffle(names);
    names.resize(static_cast<std::size_t>(rng.integer(3, 12)));
    return names;
}

inline std::vector<DatasetBox> awkwardBoxes(Rng& rng, const DatasetItem& item, const std::vector<std::string>& classes,
                                            bool whole, bool tiny) {
    const bool sound = !item.sound.empty();
    const Size reach =
        sound ? Size{static_cast<int>(item.sound.frames), static_cast<int>(item.sound.nyquist())} : item.size;
    std::vector<DatasetBox> boxes;
    const int count = rng.chance(0.05) ? rng.integer(50, 200) : rng.integer(0, 6);
    for (int i = 0; i < count; ++i) {
        DatasetBox box;
        if (!boxes.empty() && rng.chance(0.08)) {
            box = boxes[rng.index(boxes.size())];  // the same once more, by somebody who saw it otherwise
            if (rng.chance(0.5)) box.label = classes[rng.index(classes.size())];
        } else {
            box.label = classes[rng.index(classes.size())];
            box.box = randomBox(rng, tiny ? Size{1, 1} : reach, whole);
            if (sound && rng.chance(0.3)) box.box->top = 0.0, box.box->bottom = item.sound.nyquist();
        }
        box.difficult = rng.chance(0.2);
        box.truncated = rng.chance(0.2);
        box.occluded = rng.chance(0.2);
        boxes.push_back(box);
    }
    return boxes;
}

/**
 * A data set with its files below `folder`/files. Each file says behind its size which item it is of ("640 480 #7"), so
 * that whatever came back, and under which name, can be told.
 */
inline Dataset awkwardDataset(Rng& rng, const Folder& folder, const AwkwardOptions& options) {
    using Kind = AwkwardOptions::Kind;
    static const std::vector<std::string> kPictures = {".jpg", ".png", ".JPG", ".jpeg", ".tiff"};
    static const std::vector<std::string> kSounds = {".wav", ".WAV", ".flac", ".ogg"};
    static const std::vector<std::string> kBoth = {".jpg", ".png", ".wav", ".flac"};
    static constexpr std::array<int, 5> kRates = {8000, 11025, 22050, 44100, 48000};
    Dataset data;
    data.classes = awkwardClasses(rng, options.control);
    std::vector<std::string> used = data.classes;
    used.resize(static_cast<std::size_t>(rng.integer(1, static_cast<int>(used.size()))));
    const std::vector<std::string> names = awkwardNames(rng, static_cast<std::size_t>(rng.integer(1, 20)),
                                                        options.kind == Kind::Boxes    ? kPictures
                                                        : options.kind == Kind::Sounds ? kSounds
                                                                                       : kBoth,
                                                        options.control);
    const double splits = rng.chance(0.3) ? 0.0 : rng.chance(0.5) ? 1.0 : 0.7;
    const double strange = rng.chance(0.5) ? 0.0 : 0.3;  // states other than labelled and empty
    const bool whole = rng.chance(0.4);
    const bool tiny = rng.chance(0.05);
    const bool details = rng.chance(0.5);
    for (const std::string& name : names) {
        DatasetItem item;
        item.name = name;
        const std::string mark = " #" + std::to_string(data.items.size());
        if (hasSoundExtension(name)) {
            item.sound = {kRates[rng.index(kRates.size())], rng.integer(1, 2), rng.integer(2000, 3000000)};
            item.file = folder.write("files/" + name, wavText(item.sound) + mark);
        } else {
            const bool small = rng.chance(0.1);
            item.size = {rng.integer(1, small ? 3 : 4000), rng.integer(1, small ? 3 : 4000)};
            item.file = folder.write("files/" + name,
                                     std::to_string(item.size.width) + " " + std::to_string(item.size.height) + mark);
        }
        if (rng.chance(splits)) item.split = static_cast<Split>(rng.index(3));
        if (options.kind == Kind::Classes) {
            for (int i = rng.chance(0.2) ? rng.integer(0, 3) : 1; i > 0; --i)
                item.boxes.push_back({.label = used[rng.index(used.size())]});
        } else {
            item.boxes = awkwardBoxes(rng, item, used, whole, tiny);
            if (rng.chance(0.05)) item.boxes.push_back({.label = used[rng.index(used.size())]});
        }
        item.state = item.boxes.empty() ? ItemState::ConfirmedEmpty : ItemState::Labelled;
        if (rng.chance(strange)) {
            static constexpr ItemState kStates[] = {ItemState::Skipped, ItemState::Unsure, ItemState::Unlabelled};
            item.state = kStates[rng.index(3)];
        }
        item.flagged = strange > 0.0 && rng.chance(0.1);
        item.noted = strange > 0.0 && rng.chance(0.1);
        data.items.push_back(std::move(item));
    }
    if (details) addDetails(rng, data);
    return data;
}

}  // namespace support
