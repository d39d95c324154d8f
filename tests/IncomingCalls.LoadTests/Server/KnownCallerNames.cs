using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>Knows the names of some callers, as a host with a client database does. The names of all others are unknown, and GREEN-API is asked.</summary>
internal sealed class KnownCallerNames : ICallerNameResolver
{
    /// <summary>The first phone number with a known name.</summary>
    public const long First = 70000000101;

    /// <summary>The first phone number without a known name.</summary>
    public const long FirstUnknown = 79000000001;

    public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => ValueTask.FromResult(
        long.TryParse(query.ChatId.Value.Split('@')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < FirstUnknown
            ? new CallerName { Name = "Known client", Source = "database" }
            : null);
}
