#pragma once

#include "engine/media/sound/decoder.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace querent::media::sound {

/** Several sounds one after another as one. */
class ChainDecoder : public Decoder {
 public:
    /**
     * At least one sound. Those from the first on that has another rate or other channels are left out, and told of.
     * @param more  further ones follow in the file, which is told of as well
     */
    ChainDecoder(std::vector<std::unique_ptr<Decoder>> parts, bool more);

    bool lengthIsPromise() const override { return false; }
    std::int64_t read(std::int64_t first, std::span<float> interleaved) override;
    Result<void> restart() override;

 private:
    void noteRest(const char* what);

    std::vector<std::unique_ptr<Decoder>> m_parts;
    std::vector<std::int64_t> m_ends;  // the frame behind each
};

}  // namespace querent::media::sound
