using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IncomingCalls.Inbox;

namespace IncomingCalls.GreenApi.Journal;

/// <summary>How far the journals of an instance were read.</summary>
internal sealed record JournalProgress
{
    /// <summary>When they were read for the first time, in UTC. Earlier calls are not created.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The end of the calls up to which they were read, in UTC.</summary>
    public required DateTimeOffset ReadUntil { get; init; }

    /// <summary>The announced calls that were found by their ids, as hashes, while it is not sure that the ids are equal.</summary>
    public IReadOnlyList<string> Matches { get; init; } = [];

    /// <summary>Returns the progress with one more announced call.</summary>
    public JournalProgress WithMatch(string idMessage)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(idMessage)).AsSpan(0, 8));
        return Matches.Contains(hash) ? this : this with { Matches = [.. Matches, hash] };
    }
}

/// <summary>Stores the progress in the inbox, so that it is that of the calls.</summary>
internal sealed class JournalProgressStore(IHandlerValueStore values, TimeProvider time)
{
    /// <summary>How long the progress of an instance is stored that is not read. Its next start counts as the first.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    private readonly HandlerAttempt _owner = HandlerAttempt.WithoutDelivery("IncomingCalls.GreenApi");

    public async Task<JournalProgress?> LoadAsync(long idInstance, CancellationToken cancellationToken)
    {
        var stored = await values.GetAsync(_owner, CreateKey(idInstance), cancellationToken).ConfigureAwait(false);
        return stored?.Split('|') is [var started, var read, var matches] && TryParse(started, out var startedAt) && TryParse(read, out var readUntil)
            ? new() { StartedAt = startedAt, ReadUntil = readUntil, Matches = matches.Split(',', StringSplitOptions.RemoveEmptyEntries) }
            : null;
    }

    public async Task SaveAsync(long idInstance, JournalProgress progress, CancellationToken cancellationToken)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{progress.StartedAt:O}|{progress.ReadUntil:O}|{string.Join(',', progress.Matches)}");
        await values.SaveAsync(_owner, CreateKey(idInstance), text, time.GetUtcNow() + Lifetime, cancellationToken).ConfigureAwait(false);
    }

    private static bool TryParse(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out time);

    private static HandlerKey CreateKey(long idInstance) => HandlerKey.Named(string.Create(CultureInfo.InvariantCulture, $"journal-progress/{idInstance}"));
}
