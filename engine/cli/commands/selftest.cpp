#include "engine/cli/console.h"
#include "engine/session/machine.h"

#include <cstdio>

namespace querent::cli::commands {

void addSelftest(CLI::App& parent, const Runner& run) {
    const auto device = std::make_shared<std::string>("auto");
    CLI::App* command = parent.add_subcommand("selftest", "Check that the processor and the device compute rightly");
    command->add_option("--device", *device, "auto, cpu, cuda or cuda:N");
    command->callback([device, run] {
        run([device](const Console& console) {
            const auto report = session::selftest(*device);
            if (!report) return console.failed(report.error());
            std::printf("%s\n", report->c_str());
            return static_cast<int>(kDone);
        });
    });
}

}  // namespace querent::cli::commands
