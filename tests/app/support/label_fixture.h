#pragma once

#include "app/document/document.h"
#include "app/pages/label/label_page.h"
#include "app/preferences/keymap.h"
#include "engine/core/records.h"
#include "engine/session/project/project.h"

#include <QString>
#include <QTemporaryDir>

#include <memory>
#include <string>
#include <vector>

namespace querent::app::test {

inline constexpr int kWidth = 320;
inline constexpr int kHeight = 240;

/** What a test project holds. */
struct Plan {
    int pictures = 4;
    std::vector<std::string> classes = {"cat", "dog", "owl"};
    /** Lines of a CSV file without its header: path,class,x0,y0,x1,y1,score. */
    std::vector<QString> predictions;
    ProjectSettings settings;
};

/** Draws pictures p0.png, p1.png, ... and makes `folder`/test.querent of them; fails the test when it cannot. */
std::unique_ptr<session::Project> makeProject(const QString& folder, const Plan& plan);

/** A project in a folder of its own, with a document over all its items and a shown Label page. */
class Desk {
 public:
    explicit Desk(const Plan& plan = {});
    /** The desk of a project that exists already. */
    explicit Desk(std::unique_ptr<session::Project> project);

    session::Project& project() { return *m_project; }
    document::Document& document() { return *m_document; }
    pages::label::LabelPage& page() { return *m_page; }
    preferences::Keymap& keymap() { return m_keymap; }
    widgets::canvas::BoxCanvas& canvas() { return m_page->canvas(); }
    ItemId itemAt(int index) const { return m_document->list().at(static_cast<std::size_t>(index)); }

    /** Waits for the current item's picture on the canvas. */
    bool waitForPicture();
    /** A mouse drag on the canvas, in picture pixels. */
    void drag(double fromX, double fromY, double toX, double toY, Qt::KeyboardModifiers modifiers = {});
    void click(double x, double y, Qt::KeyboardModifiers modifiers = {});
    /** A key press and release on the canvas, shortcuts included. */
    void key(int key, Qt::KeyboardModifiers modifiers = {});

    /** What is on disk, once everything posted is. */
    std::vector<Annotation> stored(ItemId item);
    ItemMark storedMark(ItemId item);
    /** Closes page, document and project, and opens the file again. */
    void reopen(session::project::OpenMode mode = session::project::OpenMode::ReadWrite);

    QTemporaryDir folder;

 private:
    void openPage();
    void mouse(int type, double x, double y, Qt::MouseButton button, Qt::MouseButtons buttons,
               Qt::KeyboardModifiers modifiers);

    preferences::Keymap m_keymap;
    std::unique_ptr<session::Project> m_project;
    std::unique_ptr<document::Document> m_document;
    std::unique_ptr<pages::label::LabelPage> m_page;
};

}  // namespace querent::app::test
