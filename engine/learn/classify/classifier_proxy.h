#pragma once

#include "engine/learn/detect/proxy_trainer.h"

namespace querent::learn::classify {

/**
 * detect::makeDetectorProxy() for classes. Two looks at an item are two draws of the changes of training; items that
 * the model has to guess from windows of a long sound are measured by their mean, and learnt from window by window.
 */
Result<Proxy> makeClassifierProxy(const std::filesystem::path& model, const ItemSource& labelled,
                                  const ItemSource& pool, const ItemSource& holdout,
                                  const detect::ProxySettings& settings, const Job& job);

}  // namespace querent::learn::classify
