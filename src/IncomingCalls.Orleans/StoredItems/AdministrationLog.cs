using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IncomingCalls.Orleans.StoredItems;

/// <summary>The actions of operators in the index of a collection of stored items.</summary>
internal static class AdministrationLog
{
    /// <summary>The number of entries: fewer than in a database, because the index is written as a whole.</summary>
    public const int MaxEntries = 1_000;

    private static readonly JsonTypeInfo<AdministrationLogEntry> EntryTypeInfo =
        (JsonTypeInfo<AdministrationLogEntry>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(AdministrationLogEntry));

    /// <summary>Adds an action with its time and an id.</summary>
    /// <param name="log">The entries, oldest first.</param>
    /// <param name="action">The action.</param>
    /// <param name="count">The number of changed items.</param>
    /// <param name="time">The clock.</param>
    public static ImmutableList<JsonElement> Add(ImmutableList<JsonElement>? log, AdministrationLogEntry action, int count, TimeProvider time)
    {
        var entries = log ?? [];
        var now = time.GetUtcNow();
        var entry = new AdministrationLogEntry
        {
            // In microseconds, so that the entries of several collections can be put in order.
            Id = Math.Max((now.Ticks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond, entries.IsEmpty ? 0 : Deserialize(entries[^1]).Id + 1),
            At = now,
            Action = action.Action,
            Filter = action.Filter,
            Count = count,
            PerformedBy = action.PerformedBy,
        };
        return entries.RemoveRange(0, Math.Max(0, entries.Count + 1 - MaxEntries)).Add(JsonSerializer.SerializeToElement(entry, EntryTypeInfo));
    }

    /// <summary>Reads the newest entries, newest first.</summary>
    public static IEnumerable<AdministrationLogEntry> Read(ImmutableList<JsonElement>? log, int limit) => (log ?? []).Reverse().Take(limit).Select(Deserialize);

    private static AdministrationLogEntry Deserialize(JsonElement entry) => entry.Deserialize(EntryTypeInfo)!;
}
