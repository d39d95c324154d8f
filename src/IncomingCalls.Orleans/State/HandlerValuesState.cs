using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IncomingCalls.Orleans.State;

/// <summary>The values of one handler for one call, one person or one named key.</summary>
internal sealed record HandlerValuesState
{
    /// <summary>What the values belong to; null before the first one.</summary>
    public HandlerValueLocation? Location { get; init; }

    /// <summary>The values by their names.</summary>
    public ImmutableDictionary<string, HandlerValueEntry> Values { get; init; } = ImmutableDictionary<string, HandlerValueEntry>.Empty;

    /// <summary>Finds the entry of a name; null when there is none that has not expired.</summary>
    public HandlerValueEntry? Find(string name, DateTimeOffset now) => Values.TryGetValue(name, out var entry) && entry.ExpiresAt > now ? entry : null;

    /// <summary>Returns the state with an entry, and without those that have expired. An entry of a call is retained: the replay of a dead letter may renew it.</summary>
    public HandlerValuesState With(HandlerValueLocation location, string name, HandlerValueEntry entry, DateTimeOffset now)
    {
        var retained = location.Kind == (int)HandlerKeyKind.Call ? Values : Values.RemoveRange(Values.Where(value => value.Value.ExpiresAt <= now).Select(static value => value.Key));
        return this with { Location = location, Values = retained.SetItem(name, entry) };
    }

    /// <summary>Returns the state in which the values are valid until a time that had not expired at another one.</summary>
    public HandlerValuesState Renew(DateTimeOffset notExpiredAt, DateTimeOffset expiresAt) => this with
    {
        Values = Values.SetItems(Values
            .Where(value => value.Value.Value is not null && value.Value.ExpiresAt > notExpiredAt && value.Value.ExpiresAt < expiresAt)
            .Select(value => KeyValuePair.Create(value.Key, value.Value with { ExpiresAt = expiresAt }))),
    };
}

/// <summary>A value or a reservation.</summary>
internal sealed record HandlerValueEntry
{
    /// <summary>The value; null in a reservation.</summary>
    public string? Value { get; init; }

    /// <summary>When it expires, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What the values of a grain belong to. It is stored with them, so that the values of a person can be found.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.HandlerValueLocation")]
internal sealed record HandlerValueLocation
{
    [Id(0)]
    public required string Handler { get; init; }

    [Id(1)]
    public required int Kind { get; init; }

    [Id(2)]
    public string? Account { get; init; }

    [Id(3)]
    public long? IdInstance { get; init; }

    [Id(4)]
    public required string Subject { get; init; }

    public static HandlerValueLocation Of(string handler, HandlerKey key) =>
        new() { Handler = handler, Kind = (int)key.Kind, Account = key.Account, IdInstance = key.IdInstance, Subject = key.Subject };

    /// <summary>Creates the location of the values of a call.</summary>
    public static HandlerValueLocation Of(string handler, CallKey call) =>
        new() { Handler = handler, Kind = (int)HandlerKeyKind.Call, IdInstance = call.IdInstance, Subject = call.IdMessage };

    /// <summary>Creates the key of the grain: the kind, and a hash of the rest, since storage providers limit the length of a key.</summary>
    public string ToGrainKey()
    {
        // None of the texts of a key contains U+0000. That of the handler may, and is the last.
        var text = string.Create(CultureInfo.InvariantCulture, $"{Account}\0{IdInstance}\0{Subject}\0{Handler}");
        return string.Create(CultureInfo.InvariantCulture, $"{Kind}-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}");
    }
}
