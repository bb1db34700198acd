#pragma once

#include "engine/core/file_names.h"
#include "engine/formats/reading.h"
#include "engine/formats/text/text.h"
#include "tests/engine/formats/sound_support.h"

#include <QRegularExpression>

#include <functional>
#include <set>

/**
 * What must come back of a data set, by what the export and the import say themselves: each sentence is a step that
 * changes so many items or answers in one way, and no more. A sentence that nobody knows, a count that is not right
 * and a difference without a sentence are faults.
 */
namespace support {

class LossRecipe {
 public:
    /** `out` is `data`, or what of it was exported at all. */
    LossRecipe(Format format, const Dataset& data, const Dataset& out, const WriteOptions& options)
        : m_format(format), m_options(options), m_classes(data.classes) {
        for (const DatasetItem& item : data.items) {
            m_items.push_back({item, !itemNamed(out, item.name), isTrainable(item.state)});
            if (m_items.back().gone) m_items.back().item.boxes.clear();
        }
    }

    /** True when nobody could tell from what is left that anybody has answered anything. */
    bool nothingLeft() const {
        return std::all_of(m_items.begin(), m_items.end(), [](const Kept& kept) {
            return kept.gone || (kept.item.state == ItemState::Unlabelled && kept.item.boxes.empty());
        });
    }

    /** Takes the sentences of the export; empty, or the first that is not right. */
    std::string take(const LossReport& report) {
        for (const std::string& line : report.lines) {
            const std::string wrong = step(line, 1);
            if (!wrong.empty()) return "The export says: " + line + " " + wrong;
        }
        for (Kept& kept : m_items) {
            if (!kept.gone && !m_options.allStates && !kept.settled)
                return "Left out without a word: " + kept.item.name;
        }
        return {};
    }

    /** The same for the complaints of the reader: those of one kind together. */
    std::string take(const std::vector<Complaint>& complaints) {
        std::vector<std::pair<std::string, std::int64_t>> kinds;
        for (const Complaint& complaint : complaints) {
            QString text = QString::fromStdString(complaint.sentence);
            text.replace(QRegularExpression("^(The (box|label) of|The label|The region of) '.*' (?=reaches)"), "It ");
            text.replace(QRegularExpression("^Annotation \\d+ (?=reaches)"), "It ");
            const std::string kind = text.toStdString();
            const auto known = std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first == kind; });
            if (known == kinds.end())
                kinds.emplace_back(kind, 1);
            else
                ++known->second;
        }
        for (const auto& [kind, times] : kinds) {
            const std::string wrong = step(kind, times);
            if (!wrong.empty()) return "The import says: " + kind + " " + wrong;
        }
        return {};
    }

    /** Empty when `back` is what is left; its files are known by what is in them. */
    std::string compare(const Dataset& back, double tolerance) {
        implied();
        splitByNames(back);
        std::set<std::size_t> met;
        for (const DatasetItem& got : back.items) {
            const std::string text = contents(got.file);
            const std::size_t mark = text.rfind('#');
            if (mark == std::string::npos) return "came from nowhere: " + got.name;
            const std::size_t place = std::stoul(text.substr(mark + 1));
            if (!met.insert(place).second) return "twice: " + got.name;
            const std::string wrong = difference(m_items.at(place), got, tolerance);
            if (!wrong.empty()) return wrong + " of " + m_items[place].item.name + " (back as " + got.name + ")";
        }
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            if (!m_items[i].gone && !met.contains(i)) return "lost: " + m_items[i].item.name;
        }
        return differenceOfClasses(back);
    }

 private:
    struct Kept {
        DatasetItem item;
        bool gone = false;     // need not come back; if it does, nothing may be known of it
        bool settled = false;  // before anything was lost
    };
    using Step = std::function<std::int64_t(LossRecipe&, const QStringList&)>;
    struct Rule {
        QRegularExpression pattern;
        Step run;
    };

    std::string step(const std::string& line, std::int64_t times) {
        for (const Rule& rule : rules()) {
            const QRegularExpressionMatch match = rule.pattern.match(QString::fromStdString(line));
            if (!match.hasMatch()) continue;
            const QStringList parts = match.capturedTexts();
            const bool counted = parts.size() > 1 && !parts[1].isEmpty() && parts[1][0].isDigit();
            const std::int64_t said = counted ? parts[1].toLongLong() : times;
            const std::int64_t found = rule.run(*this, parts);
            if (found == kAny || found == said) return {};
            return "(it was " + std::to_string(found) + ", " + std::to_string(said) + " said)";
        }
        return "(nobody knows this sentence)";
    }

    static constexpr std::int64_t kAny = -1;

    std::int64_t countItems(const std::function<bool(Kept&)>& change) {
        std::int64_t count = 0;
        for (Kept& kept : m_items)
            count += !kept.gone && change(kept) ? 1 : 0;
        return count;
    }
    std::int64_t countBoxes(const std::function<bool(const DatasetItem&, DatasetBox&)>& change) {
        std::int64_t count = 0;
        countItems([&](Kept& kept) {
            for (DatasetBox& box : kept.item.boxes)
                count += change(kept.item, box) ? 1 : 0;
            return false;
        });
        return count;
    }
    std::int64_t eraseBoxes(const std::function<bool(const DatasetItem&, const DatasetBox&)>& wanted) {
        std::int64_t count = 0;
        countItems([&](Kept& kept) {
            count += static_cast<std::int64_t>(
                std::erase_if(kept.item.boxes, [&](const DatasetBox& box) { return wanted(kept.item, box); }));
            return false;
        });
        return count;
    }
    std::int64_t leaveOut(const std::function<bool(const DatasetItem&)>& wanted) {
        return countItems([&](Kept& kept) {
            if (!wanted(kept.item)) return false;
            return kept.gone = true;
        });
    }

    static bool cut(const DatasetItem& item, DatasetBox& box) {
        if (!box.box) return false;
        const double width = item.sound.empty() ? item.size.width : static_cast<double>(item.sound.frames);
        const double height = item.sound.empty() ? item.size.height : item.sound.nyquist();
        const Box inside{std::clamp(box.box->left, 0.0, width), std::clamp(box.box->top, 0.0, height),
                         std::clamp(box.box->right, 0.0, width), std::clamp(box.box->bottom, 0.0, height)};
        return !(std::exchange(*box.box, inside) == inside);
    }

    // To whole pixels, at least one of them, inside of the picture.
    static bool rounded(const DatasetItem& item, DatasetBox& box) {
        if (!box.box) return false;
        const auto axis = [](double& low, double& high, int length) {
            const double first = std::min(std::round(low), length - 1.0);
            const double last = std::max(std::round(high), first + 1.0);
            const bool changed = low != first || high != last;
            low = first;
            high = last;
            return changed;
        };
        const bool across = axis(box.box->left, box.box->right, item.size.width);
        return axis(box.box->top, box.box->bottom, item.size.height) || across;
    }

    static std::string mediumOf(const DatasetItem& item) { return item.sound.empty() ? "picture" : "sound"; }

    std::string extensionOfLabels() const {
        switch (m_format) {
            case Format::Voc:
                return ".xml";
            case Format::Yolo:
            case Format::Audacity:
                return ".txt";
            case Format::Raven:
                return ".Table.1.selections.txt";
            case Format::Labelme:
                return ".json";
            default:
                return {};
        }
    }

    // True when no other file is called like this one without its ending.
    bool isAlone(const DatasetItem& item) const {
        const std::string_view stem = text::withoutExtension(item.name);
        return std::none_of(m_items.begin(), m_items.end(), [&](const Kept& other) {
            return other.item.name != item.name &&
                   (other.item.name == stem || text::withoutExtension(other.item.name) == stem);
        });
    }

    // Items whose file of labels or whose copy has a longer name than the disk takes.
    std::int64_t tooLong() {
        const std::string ending = extensionOfLabels();
        return countItems([&](Kept& kept) {
            const std::string base(text::baseName(kept.item.name));
            const bool own = m_format != Format::Yolo && !isAlone(kept.item);
            const std::size_t size = (own ? base.size() : text::withoutExtension(base).size()) + ending.size();
            if (size <= 255 || (!isTrainable(kept.item.state) && ending.ends_with(".txt"))) return false;
            kept.item.boxes.clear();
            kept.item.state = ItemState::Unlabelled;
            if (m_format == Format::Labelme) kept.item.split.reset();
            if (m_format == Format::Yolo && m_options.images == Images::None)
                kept.item.split = splitFromPath(kept.item.name);
            return true;
        });
    }

    // To six decimals of a second and of a Hertz, at least one unit apart.
    static bool toMillionths(const DatasetItem& item, DatasetBox& box) {
        if (!box.box || item.sound.empty()) return false;
        const auto written = [](double value) { return QString::number(value, 'f', 6).toDouble(); };
        bool changed = false;
        const auto axis = [&](double& low, double& high, double most) {
            const double first = low;
            const double last = high;
            low = written(first);
            high = written(last);
            changed = changed || std::abs(low - first) > 1e-9 || std::abs(high - last) > 1e-9;
            if (low != high) return;
            if (last + 1e-6 <= most)
                high = written(last + 1e-6);
            else
                low = written(std::max(0.0, first - 1e-6));
        };
        const double rate = item.sound.rate;
        box.box->left /= rate;
        box.box->right /= rate;
        axis(box.box->left, box.box->right, item.sound.seconds());
        axis(box.box->top, box.box->bottom, item.sound.nyquist());
        box.box->left *= rate;
        box.box->right = std::min(box.box->right * rate, static_cast<double>(item.sound.frames));
        return changed;
    }

    std::int64_t once() {
        std::int64_t count = 0;
        countItems([&](Kept& kept) {
            std::vector<DatasetBox> boxes;
            for (const DatasetBox& box : kept.item.boxes) {
                const bool there = std::any_of(boxes.begin(), boxes.end(), [&](const DatasetBox& other) {
                    return other.label == box.label && other.box == box.box;
                });
                count += there ? 1 : 0;
                if (!there) boxes.push_back(box);
            }
            kept.item.boxes = std::move(boxes);
            return false;
        });
        return count;
    }

    static Step losing(const std::function<bool(DatasetBox&)>& change) {
        return [change](LossRecipe& self, const QStringList&) {
            return self.countBoxes([&](const DatasetItem&, DatasetBox& box) { return change(box); });
        };
    }

    static const std::vector<Rule>& rules() {
        static const std::vector<Rule> kRules = makeRules();
        return kRules;
    }
    static std::vector<Rule> makeRules();

    // What needs no sentence of its own.
    void implied() {
        // A manifest knows an item's state by its classes alone, and what became of those was said.
        countItems([&](Kept& kept) {
            if (m_manifest && kept.item.boxes.empty()) kept.item.state = ItemState::Unlabelled;
            return false;
        });
        if (m_format != Format::Yolo) return;
        // A picture without a label file has the split that its own folders are called after.
        countItems([&](Kept& kept) {
            if (m_options.images == Images::None && kept.item.state == ItemState::Unlabelled)
                kept.item.split = splitFromPath(kept.item.name);
            return false;
        });
        // YOLO's word for a number without a class.
        std::set<std::string> used;
        countBoxes([&](const DatasetItem&, const DatasetBox& box) { return used.insert(box.label).second; });
        for (std::size_t i = m_classes.size(); i-- > 0;)
            if (m_classes[i] == "unused_" + std::to_string(i) && !used.contains(m_classes[i]))
                m_classes.erase(m_classes.begin() + static_cast<std::ptrdiff_t>(i));
    }

    // Data that names no split at all gets those that its folders are called after.
    void splitByNames(const Dataset& back) {
        if (m_format == Format::Folders) return;
        std::vector<DatasetItem> items;
        for (const DatasetItem& got : back.items)
            items.push_back(got);
        std::vector<DatasetItem> expected;
        std::vector<std::size_t> places;
        for (const DatasetItem& got : items) {
            const std::string text = contents(got.file);
            const std::size_t mark = text.rfind('#');
            if (mark == std::string::npos) return;
            places.push_back(std::stoul(text.substr(mark + 1)));
            expected.push_back(m_items.at(places.back()).item);
            expected.back().name = got.name;
            // YOLO's reader knows no other split of a picture without a label file than that of its folders.
            if (m_items[places.back()].gone) expected.back().split = got.split;
            if (m_items[places.back()].gone && m_format != Format::Yolo) expected.back().split.reset();
        }
        splitByFolders(expected);
        for (std::size_t i = 0; i < places.size(); ++i)
            m_items[places[i]].item.split = expected[i].split;
    }

    std::string expectedName(const DatasetItem& item, const std::string& got) const {
        if (m_format == Format::Folders)
            return text::baseName(got) == text::baseName(item.name) ? got : std::string("(another last part)");
        if (m_options.images == Images::None) return item.name;
        const bool manifest = m_format == Format::Csv && m_manifest;
        if (m_format == Format::LabelStudio || manifest) return "media/" + item.name;
        if (m_format == Format::Yolo) return (item.split ? toText(*item.split) : "unassigned") + ("/" + item.name);
        return item.name;
    }

    std::string difference(const Kept& kept, const DatasetItem& got, double tolerance) const {
        const DatasetItem& item = kept.item;
        if (kept.gone)
            return got.boxes.empty() && got.state == ItemState::Unlabelled ? "" : "answers of what was left out";
        if (got.name != expectedName(item, got.name)) return "name";
        if (m_options.images == Images::None && m_format != Format::Folders && got.file != item.file) return "file";
        if (!(got.size == item.size)) return "size";
        if (!(got.sound == item.sound)) return "sound";
        if (got.state != item.state) return "state " + std::string(toText(got.state));
        const auto word = [](const std::optional<Split>& split) {
            return std::string(split ? toText(*split) : "none");
        };
        if (got.split != item.split) return "split " + word(got.split) + " instead of " + word(item.split);
        if (got.flagged != item.flagged || got.noted != item.noted) return "mark";
        if (got.lost != 0) return "objects lost";
        if (got.boxes.size() != item.boxes.size())
            return std::to_string(got.boxes.size()) + " instead of " + std::to_string(item.boxes.size()) + " answers";
        std::vector<DatasetBox> rest = got.boxes;
        for (const DatasetBox& box : item.boxes) {
            const auto within = [&](double reach) {
                return std::find_if(rest.begin(), rest.end(), [&](DatasetBox other) {
                    if (box.box.has_value() != other.box.has_value()) return false;
                    if (box.box) {
                        const double off = std::max({std::abs(box.box->left - other.box->left),
                                                     std::abs(box.box->top - other.box->top),
                                                     std::abs(box.box->right - other.box->right),
                                                     std::abs(box.box->bottom - other.box->bottom)});
                        if (off > reach) return false;
                    }
                    other.box = box.box;
                    return other == box;
                });
            };
            auto same = within(std::min(tolerance, 1e-6));  // the nearest first
            if (same == rest.end()) same = within(tolerance);
            if (same == rest.end()) return "answer " + placeOf(box) + ", left are" + placesOf(rest);
            rest.erase(same);
        }
        return {};
    }

    static std::string placeOf(const DatasetBox& box) {
        std::string words = "'" + box.label + "'";
        if (!box.box) return words;
        for (const double side : {box.box->left, box.box->top, box.box->right, box.box->bottom})
            words += " " + text::numberText(side);
        return words;
    }
    static std::string placesOf(const std::vector<DatasetBox>& boxes) {
        std::string text;
        for (std::size_t i = 0; i < std::min<std::size_t>(boxes.size(), 5); ++i)
            text += " (" + placeOf(boxes[i]) + ")";
        return text;
    }

    std::string differenceOfClasses(const Dataset& back) const {
        if (m_ordered && back.classes == m_classes) return {};
        std::set<std::string> expected(m_classes.begin(), m_classes.end());
        const std::set<std::string> got(back.classes.begin(), back.classes.end());
        if (!m_ordered && got == expected && got.size() == back.classes.size()) return {};
        std::string text = "classes:";
        for (const std::string& name : back.classes)
            text += " '" + name + "'";
        text += " instead of";
        for (const std::string& name : m_classes)
            text += " '" + name + "'";
        return text;
    }

    // Only the classes of answers that are left.
    void dropUnused() {
        std::set<std::string> used;
        countBoxes([&](const DatasetItem&, const DatasetBox& box) { return used.insert(box.label).second; });
        std::erase_if(m_classes, [&](const std::string& name) { return !used.contains(name); });
    }

    Format m_format;
    WriteOptions m_options;
    std::vector<std::string> m_classes;
    std::vector<Kept> m_items;
    bool m_ordered = true;

 public:
    bool m_manifest = false;
};

inline std::vector<LossRecipe::Rule> LossRecipe::makeRules() {
    using Args = const QStringList&;
    using Self = LossRecipe&;
    std::vector<Rule> rules;
    const auto rule = [&](const char* pattern, Step run) {
        rules.push_back({QRegularExpression(QString("^") + pattern + "$"), std::move(run)});
    };
    const auto told = [](Self, Args) { return kAny; };
    rule("(\\d+) (unlabelled|skipped|unsure) items? (?:is|are) left out\\.", [](Self self, Args parts) {
        return self.leaveOut([&](const DatasetItem& item) { return toText(item.state) == parts[2].toStdString(); });
    });
    rule("(\\d+) box(?:es)? goe?s? with the items that are left out\\.", [](Self self, Args) {
        std::int64_t count = 0;
        for (const Kept& kept : self.m_items)
            count += kept.gone ? static_cast<std::int64_t>(kept.item.boxes.size()) : 0;
        return count;
    });
    rule("(\\d+) (picture|sound)s? (?:is|are) left out: .* has no place for such items\\.", [](Self self, Args parts) {
        return self.leaveOut([&](const DatasetItem& item) { return mediumOf(item) == parts[2].toStdString(); });
    });
    rule("(\\d+) items? loses? (?:its|their) status: .*", [](Self self, Args) {
        return self.countItems([](Kept& kept) {
            if (isTrainable(kept.item.state) || kept.item.state == ItemState::Unlabelled) return false;
            kept.item.state = ItemState::Unlabelled;
            return true;
        });
    });
    rule("(\\d+) empty items? becomes? unlabelled: .* cannot tell the two apart\\.", [](Self self, Args) {
        return self.countItems([](Kept& kept) {
            return kept.item.state == ItemState::ConfirmedEmpty && (kept.item.state = ItemState::Unlabelled, true);
        });
    });
    rule("(\\d+) items? loses? (?:its|their) flag: .*", [](Self self, Args) {
        return self.countItems([](Kept& kept) { return std::exchange(kept.item.flagged, false); });
    });
    rule("(\\d+) items? loses? (?:its|their) note: .*", [](Self self, Args) {
        return self.countItems([](Kept& kept) { return std::exchange(kept.item.noted, false); });
    });
    rule("(\\d+) class(?:es)? of (?:a )?whole items? (?:is|are) left out: .* has boxes only\\.", [](Self self, Args) {
        return self.eraseBoxes([](const DatasetItem&, const DatasetBox& box) { return !box.box; });
    });
    rule("(\\d+) box(?:es)? (?:is|are) left out: .* has classes of whole items only\\.", [](Self self, Args) {
        return self.eraseBoxes([](const DatasetItem&, const DatasetBox& box) { return box.box.has_value(); });
    });
    rule("(\\d+) box(?:es)? (?:is|are) rounded to whole pixels\\.",
         [](Self self, Args) { return self.countBoxes(&LossRecipe::rounded); });
    rule("(\\d+) box(?:es)? reach(?:es)? out of the .* cut at the edge\\.",
         [](Self self, Args) { return self.countBoxes(&LossRecipe::cut); });
    rule("(\\d+) (?:box|answer)(?:s|es)? loses? (?:its|their) frequencies: .*", [](Self self, Args) {
        return self.countBoxes([](const DatasetItem& item, DatasetBox& box) {
            if (item.sound.empty() || !box.box) return false;
            if (box.box->top <= 0.0 && box.box->bottom >= item.sound.nyquist()) return false;
            box.box->top = 0.0;
            box.box->bottom = item.sound.nyquist();
            return true;
        });
    });
    const std::string loses = "(\\d+) (?:box|answer|class)(?:s|es)? loses? (?:its|their) ";
    const auto detail = [&](const char* what, const std::function<bool(DatasetBox&)>& change) {
        rule((loses + what + ": .* has no place for it\\.").c_str(), losing(change));
    };
    detail("score", [](DatasetBox& box) { return std::exchange(box.score, std::nullopt).has_value(); });
    detail("provenance", [](DatasetBox& box) { return !std::exchange(box.provenance, "").empty(); });
    detail("annotator", [](DatasetBox& box) { return !std::exchange(box.annotator, "").empty(); });
    detail("round", [](DatasetBox& box) { return std::exchange(box.round, 0) != 0; });
    detail("mark 'difficult'", [](DatasetBox& box) { return std::exchange(box.difficult, false); });
    detail("mark 'truncated'", [](DatasetBox& box) { return std::exchange(box.truncated, false); });
    detail("mark 'occluded'", [](DatasetBox& box) { return std::exchange(box.occluded, false); });
    rule("(\\d+) crowd regions? becomes? an ordinary box: .*",
         losing([](DatasetBox& box) { return std::exchange(box.crowd, false); }));
    rule(
        "(\\d+) (?:box|boxes|answers?|class|classes) of (?:an item|items) that (?:is|are) not labelled cannot be told "
        "from (?:a label|labels) and (?:is|are) left out\\.",
        [](Self self, Args) {
            const auto settled = [&](ItemState state) {
                return isTrainable(state) || (self.m_format == Format::LabelStudio && state == ItemState::Skipped);
            };
            return self.eraseBoxes([&](const DatasetItem& item, const DatasetBox&) { return !settled(item.state); });
        });
    rule("(\\d+) items? (?:has|have) no split and (?:is|are) in the folder 'unassigned'.*",
         [](Self self, Args) { return self.countItems([](const Kept& kept) { return !kept.item.split; }); });
    rule("Images are not copied; trainers need them in the folder 'images', beside 'labels'\\.", told);
    rule("The order of the classes is not kept: a single CSV file has no place for it\\.", [](Self self, Args) {
        self.m_ordered = false;
        return kAny;
    });
    rule("(\\d+) class(?:es)? that nothing has (?:is|are) left out: .*", [](Self self, Args) {
        const auto before = static_cast<std::int64_t>(self.m_classes.size());
        self.dropUnused();
        return before - static_cast<std::int64_t>(self.m_classes.size());
    });
    rule("(\\d+) items? (?:is|are) left out, because the name leads out of the target; .*", [](Self self, Args) {
        return self.leaveOut([](const DatasetItem& item) {
            return item.name.starts_with('\\') || item.name.starts_with("C:/") || item.name.starts_with("C:\\");
        });
    });
    rule(
        "(\\d+) class names? (?:has|have) a line end and (?:is|are) not in the list of classes.*", [](Self self, Args) {
            self.m_ordered = false;
            const auto split = [](const std::string& name) { return name.find('\n') != std::string::npos; };
            const auto count = std::count_if(self.m_classes.begin(), self.m_classes.end(), split);
            std::set<std::string> used;
            self.countBoxes([&](const DatasetItem&, const DatasetBox& box) { return used.insert(box.label).second; });
            std::erase_if(self.m_classes, [&](const std::string& name) { return split(name) && !used.contains(name); });
            return static_cast<std::int64_t>(count);
        });
    rule("(\\d+) items? loses? (?:its split|their splits): the name has a line end.*", [](Self self, Args) {
        return self.countItems([&](Kept& kept) {
            const bool own = self.m_format != Format::Voc || !self.isAlone(kept.item);
            const std::string_view word = own ? kept.item.name : text::withoutExtension(kept.item.name);
            if ((word.find('\n') == std::string::npos && !word.ends_with('\r')) || !kept.item.split) return false;
            kept.item.split.reset();
            return true;
        });
    });
    rule("(\\d+) items? loses? all (?:its|their) answers and becomes? unlabelled\\.", [](Self self, Args) {
        return self.countItems([](Kept& kept) {
            if (kept.item.state != ItemState::Labelled || !kept.item.boxes.empty()) return false;
            kept.item.state = ItemState::Unlabelled;
            return true;
        });
    });
    rule("(\\d+) unlabelled items? loses? (?:its split|their splits): without a label file .*", [](Self self, Args) {
        return self.countItems([](Kept& kept) {
            if (isTrainable(kept.item.state) || !kept.item.split) return false;
            kept.item.split = splitFromPath(kept.item.name);
            return true;
        });
    });
    // Its name holds a line end and is in no list.
    rule("The class '.*' is not in the list of classes; it was added\\.",
         [](Self self, Args) { return self.m_ordered ? 0 : kAny; });
    rule("Several images share the name of this label file, .* it was left out\\.", [](Self self, Args) {
        return self.countItems([&](Kept& kept) {
            const bool shared = std::any_of(self.m_items.begin(), self.m_items.end(), [&](const Kept& other) {
                return other.item.name != kept.item.name &&
                       text::withoutExtension(other.item.name) == text::withoutExtension(kept.item.name);
            });
            if (!isTrainable(kept.item.state) || !shared) return false;
            kept.item.boxes.clear();
            kept.item.state = ItemState::Unlabelled;
            kept.item.split = splitFromPath(kept.item.name);
            return true;
        });
    });
    rule("The data names 'images/(train|val|test)' for its (?:train|val|test) split, but nothing was found there\\.",
         [](Self self, Args parts) {
             const auto split = splitFromText(parts[1].toStdString());
             return self.countItems([&](const Kept& kept) { return kept.item.split == split; }) == 0 ? kAny : 0;
         });
    rule("(\\d+) files? (?:was|were) left out, because the file system does not take the name; the first is .*",
         [](Self self, Args) { return self.tooLong(); });
    // Label Studio
    rule("(\\d+) unsure items? becomes? unlabelled: Label Studio has no place for it\\.", [](Self self, Args) {
        return self.countItems([](Kept& kept) {
            return kept.item.state == ItemState::Unsure && (kept.item.state = ItemState::Unlabelled, true);
        });
    });
    rule("(\\d+) class(?:es)? loses? (?:its|their) scores?: several classes of one item are one choice\\.",
         [](Self self, Args) {
             return self.countBoxes([&](const DatasetItem& item, DatasetBox& box) {
                 const auto whole = std::count_if(item.boxes.begin(), item.boxes.end(),
                                                  [](const DatasetBox& other) { return !other.box; });
                 return !box.box && whole > 1 && std::exchange(box.score, std::nullopt).has_value();
             });
         });
    // Manifests and folders
    rule("(\\d+) class(?:es)? (?:is|are) left out, because '\\|' in (?:its|their) names? joins classes\\.",
         [](Self self, Args) {
             return self.eraseBoxes([](const DatasetItem& item, const DatasetBox& box) {
                 return isTrainable(item.state) && box.label.find('|') != std::string::npos;
             });
         });
    rule("(\\d+) items? (?:is|are) left out, because nobody has settled (?:its class|their classes)\\.",
         [](Self self, Args) {
             return self.leaveOut([](const DatasetItem& item) { return !isTrainable(item.state); });
         });
    rule("(\\d+) items? with several classes (?:is|are) left out\\.",
         [](Self self, Args) { return self.leaveOut([](const DatasetItem& item) { return item.boxes.size() > 1; }); });
    rule("(\\d+) items? without a class (?:is|are) left out\\.",
         [](Self self, Args) { return self.leaveOut([](const DatasetItem& item) { return item.boxes.empty(); }); });
    rule(
        "(\\d+) items? (?:has|have) (?:a class|classes) that cannot be (?:the name|names) of (?:a folder|folders) and "
        "(?:is|are) left out\\.",
        [](Self self, Args) {
            return self.leaveOut([](const DatasetItem& item) {
                const std::string& name = item.boxes.front().label;
                return name.find_first_of("/\\<>:\"|?*\t\r\n") != std::string::npos || name.starts_with('.') ||
                       name.ends_with('.');
            });
        });
    // Sounds
    rule("(\\d+) box(?:es)? (?:is|are) rounded to a millionth of a second and of a Hertz\\.",
         [](Self self, Args) { return self.countBoxes(&LossRecipe::toMillionths); });
    rule("(\\d+) class names? (?:has|have) a tab or a line end, which becomes a blank\\.", [](Self self, Args) {
        const auto plain = [](std::string& name) {
            const std::string before = name;
            std::replace_if(
                name.begin(), name.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
            return name != before;
        };
        std::int64_t count = 0;
        for (std::string& name : self.m_classes)
            count += plain(name);
        std::set<std::string> seen;
        std::erase_if(self.m_classes, [&](const std::string& name) { return !seen.insert(name).second; });
        self.countBoxes([&](const DatasetItem&, DatasetBox& box) { return plain(box.label); });
        return count;
    });
    // What readers say
    rule("(\\d+) answers? (?:was|were) there more than once .* came in once\\.",
         [](Self self, Args) { return self.once(); });
    return rules;
}

}  // namespace support
