# The sound pane of the Label screen and what it stands on; included by app/CMakeLists.txt.
set(QUERENT_SOUND_SOURCES
    panes/medium_pane.h
    panes/sound_look.cpp
    panes/sound_pane.cpp
    panes/sound_pane_playback.cpp
    sound/audio_output.h
    sound/device_output.cpp
    sound/file_sound_provider.cpp
    sound/playback_feed.cpp
    sound/sound_loader.cpp
    sound/sound_player.cpp
    sound/sound_stock.cpp)
