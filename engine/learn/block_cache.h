#pragma once

namespace querent::learn {

/**
 * For as long as one lives LibTorch keeps the memory of large tensors for the next ones of their size, instead of
 * giving it back to the system, which would clear it page by page again: a tenth and more of the time of a training.
 * At its end all that is kept goes back. Any thread, several at once. Without effect under the sanitizers, which want
 * to see every end of a tensor.
 */
class KeptBlocks {
 public:
    KeptBlocks();
    ~KeptBlocks();
    KeptBlocks(const KeptBlocks&) = delete;
    KeptBlocks& operator=(const KeptBlocks&) = delete;
};

}  // namespace querent::learn
