# The sound pane of the Label screen and what it stands on; included by app/CMakeLists.txt.
set(QUERENT_SOUND_SOURCES
    panes/medium_pane.h
    panes/sound_look.cpp
    panes/sound_pane.cpp
    sound/file_sound_provider.cpp
    sound/sound_loader.cpp
    sound/sound_stock.cpp)
