#include "engine/formats/labelstudio/labelstudio_names.h"

#include "engine/formats/text/text.h"

#include <algorithm>
#include <cctype>

namespace querent::formats::labelstudio {
namespace {

constexpr std::string_view kLocalFiles = "/data/local-files/?d=";

// "name.jpg" of "1a2b3c4d-name.jpg"; empty when the name does not begin so.
std::string_view withoutHash(std::string_view base) {
    if (base.size() < 10 || base[8] != '-') return {};
    const bool hex = std::all_of(base.begin(), base.begin() + 8,
                                 [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
    return hex ? base.substr(9) : std::string_view();
}

// Without the name of a server, and whether there was one.
bool takeServer(std::string_view& url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos || scheme > 10) return false;
    url.remove_prefix(scheme + 3);
    url.remove_prefix(std::min(url.find('/'), url.size()));
    return true;
}

}  // namespace

std::vector<std::string> namesOfUrl(std::string_view url) {
    std::string_view path = text::trimmed(url);
    const bool served = takeServer(path) || path.starts_with("/data/");
    const std::size_t local = path.find("/local-files/?d=");
    if (local != std::string_view::npos) {
        path.remove_prefix(path.find("?d=") + 3);
        path = path.substr(0, path.find('&'));
    } else if (served) {
        path = path.substr(0, path.find_first_of("?#"));
    }
    if (served) path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    std::vector<std::string> names;
    for (const std::string& name : {text::percentDecoded(path), std::string(path)}) {
        const std::string_view bare = withoutHash(text::baseName(name));
        // An upload is the only one of its name in its folder; elsewhere the digits may be the name's own.
        const bool upload = local == std::string_view::npos && name.find("upload/") != std::string::npos;
        if (!bare.empty() && upload) names.emplace_back(bare);
        names.push_back(name);
        if (!bare.empty() && !upload) names.emplace_back(bare);
    }
    return names;
}

std::string localFileUrl(std::string_view name) {
    std::string url(kLocalFiles);
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain =
            byte < 0x80U && (std::isalnum(byte) != 0 || std::string_view("/-._~").find(c) != std::string_view::npos);
        if (plain) {
            url.push_back(c);
        } else {
            url.push_back('%');
            url.push_back("0123456789ABCDEF"[byte >> 4U]);
            url.push_back("0123456789ABCDEF"[byte & 15U]);
        }
    }
    return url;
}

}  // namespace querent::formats::labelstudio
