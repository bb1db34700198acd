#pragma once

#include "engine/core/records.h"
#include "engine/session/project/project.h"

#include <QWidget>

#include <functional>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QHBoxLayout;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QSpinBox;
class QToolButton;

namespace querent::app::bridge {
class TaskPool;
}

namespace querent::app::controllers {
class RoundController;
}

namespace querent::app::pages::train {

/**
 * How the next round asks and trains, in words; what few need is folded. Each change is saved at once, on a pool
 * thread. UI thread only; the project outlives setProject(nullptr).
 */
class TrainSettings : public QWidget {
    Q_OBJECT
 public:
    TrainSettings(bridge::TaskPool& pool, controllers::RoundController& rounds, QWidget* parent = nullptr);

    void setProject(session::Project* project);
    /** Reads the settings again. */
    void refresh();

 Q_SIGNALS:
    void changed();
    void problem(const QString& sentence);

 private:
    QWidget* makeMain();
    QWidget* makeExpert();
    /** What the fields show, as a change of these settings and of no others. */
    std::function<void(ProjectSettings&)> shownSettings() const;
    /** Words and fields that fit what the project is about. */
    void fitToProject(const ProjectSettings& settings);
    void save();
    void showStrategy();
    /** What is chosen in m_start. */
    void takeStart();
    void chooseBackbone();
    /** Saves the file that is named; asks first when it is a program that this person has not let run. */
    void takeBackbone();
    void askAboutProgram(const QString& file);

    bridge::TaskPool& m_pool;
    controllers::RoundController& m_rounds;
    session::Project* m_project = nullptr;
    bool m_filling = false;
    bool m_saving = false;   // one write at a time, so that the last one wins
    bool m_unsaved = false;  // something changed meanwhile
    bool m_asking = false;   // whether a program may run
    QComboBox* m_strategy;
    QLabel* m_sentence;
    QSpinBox* m_batch;
    QComboBox* m_device;
    QComboBox* m_size;
    QSpinBox* m_steps;
    QCheckBox* m_suggestNext;
    QToolButton* m_fold;
    QWidget* m_expert;
    QFormLayout* m_expertForm;
    QComboBox* m_start;
    QHBoxLayout* m_backboneRow;
    QLineEdit* m_backbone;
    QSpinBox* m_control;
    QCheckBox* m_ghosts;
    QDoubleSpinBox* m_ghostThreshold;
    QSpinBox* m_hideGhosts;
    QSpinBox* m_seed;
};

}  // namespace querent::app::pages::train
