#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace querent {

/** A permanent row id of the project file, one type for each table. 0 means "none". */
template <typename Tag>
struct Id {
    std::int64_t value = 0;

    constexpr Id() = default;
    constexpr explicit Id(std::int64_t v) : value(v) {}
    constexpr bool valid() const { return value != 0; }
    constexpr auto operator<=>(const Id&) const = default;
};

using ItemId = Id<struct ItemTag>;
using MediumId = Id<struct MediumTag>;
using SourceId = Id<struct SourceTag>;
using ClassId = Id<struct ClassTag>;
using AnnotationId = Id<struct AnnotationTag>;
using PersonId = Id<struct PersonTag>;
using RoundId = Id<struct RoundTag>;
using ModelId = Id<struct ModelTag>;
using EventId = Id<struct EventTag>;

}  // namespace querent

template <typename Tag>
struct std::hash<querent::Id<Tag>> {
    std::size_t operator()(querent::Id<Tag> id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
