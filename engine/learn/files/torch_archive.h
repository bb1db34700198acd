#pragma once

// Internal: torch inside.

#include "engine/core/result.h"
#include "engine/learn/files/pickle_reader.h"
#include "engine/learn/files/tensor_file.h"
#include "engine/learn/files/zip_reader.h"

#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace querent::learn::files {

/**
 * What torch.save() and LibTorch have written since PyTorch 1.6: a zip archive with a pickle that says which numbers
 * are what. Numbers, texts and their names are read; nothing is looked up, built or run, whatever the pickle wishes.
 */
class TorchArchive {
 public:
    /** NotFound, Io; Unsupported for the format before 1.6 and for more than 4 GiB; Malformed. */
    static Result<TorchArchive> open(const std::filesystem::path& path);

    const Value& root() const { return *m_pickle.root; }
    /** The attributes of the module that LibTorch wrote; null when it is none. */
    const Dict* attributes() const;
    /**
     * A tensor of its own type; empty for a value that is none. Throws c10::Error for one that does not fit its data,
     * and when all of them take more memory than the file has bytes, sixteen times over.
     */
    std::optional<torch::Tensor> tensor(const Value& value);
    /** Those in a dictionary by their names; what is no tensor is passed over. Throws as tensor() does. */
    NamedTensors tensors(const Dict& dictionary);

 private:
    TorchArchive() = default;
    torch::Tensor storageOf(const Value& id);
    void spend(std::int64_t bytes);

    std::unique_ptr<const std::string> m_bytes;  // the archive looks into them
    std::optional<ZipReader> m_zip;
    std::string m_prefix;  // "archive/"
    Pickle m_pickle;
    std::map<std::string, torch::Tensor> m_storages;
    std::int64_t m_left = 0;  // bytes that may be taken
};

/** The value of an entry of this name; null when there is none. */
const Value* entryOf(const Dict& dictionary, std::string_view name);

}  // namespace querent::learn::files
