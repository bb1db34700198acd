#include "engine/session/transfer/demo.h"

#include "engine/cli/console.h"

#include <cstdio>

namespace querent::cli::commands {
namespace {

struct Options {
    std::filesystem::path to;
    std::string kind = "pictures";
    int items = 0;  // as many as suit the kind
    std::uint64_t seed = 1;
};

int demo(const Options& options, const Console& console) {
    const auto kind = options.kind == "soundpictures" ? session::transfer::DemoKind::SoundPictures
                                                      : session::transfer::DemoKind::Pictures;
    const int items = options.items > 0 ? options.items : session::transfer::defaultDemoItems(kind);
    const auto file = session::transfer::createDemo(options.to, items, options.seed, console.job(), kind);
    if (!file) return console.failed(file.error());
    console.endProgress();
    std::printf("%s\n", file->c_str());
    return kDone;
}

}  // namespace

void addDemo(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("demo", "Draw a demo data set with known answers");
    command->add_option("--to", options->to, "Folder")->required();
    command->add_option("--kind", options->kind, "pictures (boxes) or soundpictures (classes)")
        ->check(CLI::IsMember({"pictures", "soundpictures"}));
    command->add_option("--items", options->items, "How many")->check(CLI::Range(20, 100000));
    command->add_option("--seed", options->seed, "Another set");
    command->callback([options, run] { run([options](const Console& console) { return demo(*options, console); }); });
}

}  // namespace querent::cli::commands
