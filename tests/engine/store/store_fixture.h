#pragma once

#include "engine/store/project_file.h"

// Designated initialisers name what a test is about; everything else is meant to keep its default.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <string>
#include <vector>

// Stops the test with the error's own words when a Result is not good.
#define OK(expression)                                                                 \
    do {                                                                               \
        const auto& okResult = (expression);                                           \
        QVERIFY2(okResult.ok(), okResult.ok() ? "" : okResult.error().text().c_str()); \
    } while (false)

// The Result must be an error of that code; shows the sentence otherwise.
#define FAILS(expression, expected)                                                           \
    do {                                                                                      \
        const auto& failsResult = (expression);                                               \
        QVERIFY2(!failsResult.ok(), "It should have failed.");                                \
        QVERIFY2(failsResult.error().code == (expected), failsResult.error().text().c_str()); \
        QVERIFY(!failsResult.error().sentence.empty());                                       \
    } while (false)

namespace querent::store::test {

inline Medium picture(const std::string& path, Size size = {320, 240}) {
    Medium medium;
    medium.path = path;
    medium.size = size;
    return medium;
}

inline Annotation boxOf(ClassId label, double left = 10, double top = 20, double right = 40, double bottom = 60) {
    Annotation annotation;
    annotation.label = label;
    annotation.box = Box{left, top, right, bottom};
    return annotation;
}

inline Edit creating(ItemId item, std::vector<Annotation> annotations, PersonId author = {}) {
    Edit edit;
    edit.item = item;
    edit.gesture = "Draw box";
    edit.author = author;
    edit.activeSeconds = 1.5;
    for (Annotation& annotation : annotations)
        edit.changes.push_back({std::nullopt, std::move(annotation)});
    return edit;
}

/** A folder with a project of two classes and a few items, gone with the object. */
struct Fixture {
    explicit Fixture(int items = 3) {
        Result<ProjectFile> created = ProjectFile::create(path(), ProjectSettings{});
        if (!created) qFatal("%s", created.error().text().c_str());
        file.emplace(std::move(*created));
        Result<Transaction> all = file->begin();  // one sync instead of many
        cell = *file->classes().add("cell");
        plate = *file->classes().add("plate");
        ann = *file->persons().ensure("Ann");
        const SourceId source = *file->sources().add("pictures");
        for (int i = 0; i < items; ++i) {
            const std::string name = "img" + std::to_string(i) + ".png";
            Medium medium = picture(name);
            medium.source = source;
            this->items.push_back(*file->items().add(name, Split::Train, {medium}));
        }
        if (!all->commit()) qFatal("The fixture could not be written.");
    }
    std::filesystem::path folder() const { return dir.path().toStdString(); }
    std::filesystem::path path() const { return folder() / "p.querent"; }
    void reopen(Access access = Access::ReadWrite) {
        file.reset();
        Result<ProjectFile> opened = ProjectFile::open(path(), access);
        if (!opened) qFatal("%s", opened.error().text().c_str());
        file.emplace(std::move(*opened));
    }

    QTemporaryDir dir;
    std::optional<ProjectFile> file;
    ClassId cell;
    ClassId plate;
    PersonId ann;
    std::vector<ItemId> items;
};

}  // namespace querent::store::test
