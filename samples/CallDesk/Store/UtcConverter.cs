using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CallDesk.Store;

/// <summary>A column does not remember the kind of a time; ours are all UTC.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
    time => time.ToUniversalTime(),
    time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
