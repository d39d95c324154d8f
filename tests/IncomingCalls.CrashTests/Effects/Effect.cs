using System.Globalization;

namespace IncomingCalls.CrashTests;

/// <summary>What a handler recorded in one attempt: a line of an effects file.</summary>
internal sealed record Effect
{
    private const char Separator = '\t';

    /// <summary>The number of the run that made the attempt.</summary>
    public required int RunNumber { get; init; }

    /// <summary>When the line was written: a timestamp of the machine, which all its processes share.</summary>
    public required long WrittenAt { get; init; }

    public required string EventId { get; init; }

    public required CallKey Call { get; init; }

    public required CallEventKind Kind { get; init; }

    /// <summary>The text of the status in lower case; empty where the notification had no status, or the event no notification.</summary>
    public required string Status { get; init; }

    public required string Handler { get; init; }

    public required int Attempt { get; init; }

    /// <summary>The version of the call when the attempt began.</summary>
    public required int Version { get; init; }

    /// <summary>The outcome of the call when the attempt began.</summary>
    public required CallOutcome Outcome { get; init; }

    public required EffectResult Result { get; init; }

    /// <summary>Whether the caller's name was known when the attempt began.</summary>
    public bool HasName { get; init; }

    /// <summary>Whether another attempt must follow.</summary>
    public bool IsRetried => Result is EffectResult.Failed or EffectResult.Interrupted;

    public static Effect FromEvent(CallEvent callEvent, string handler, int runNumber, long writtenAt, EffectResult result) => new()
    {
        RunNumber = runNumber,
        WrittenAt = writtenAt,
        EventId = callEvent.Id,
        Call = callEvent.Call.Key,
        Kind = callEvent.Kind,
        Status = callEvent.Notification?.RawStatus?.ToLowerInvariant() ?? "",
        Handler = handler,
        Attempt = callEvent.Attempt,
        Version = callEvent.Call.Version,
        Outcome = callEvent.Call.Outcome,
        Result = result,
        HasName = callEvent.Caller.Name is not null,
    };

    /// <summary>Reads a line; the result is null for a line that a kill truncated.</summary>
    public static Effect? Parse(string line)
    {
        if (line.Split(Separator) is not [var runNumber, var writtenAt, var eventId, var instance, var message, var kind, var status, var handler, var attempt, var version, var outcome, var result, var hasName, ""])
        {
            return null;
        }

        return new()
        {
            RunNumber = int.Parse(runNumber, CultureInfo.InvariantCulture),
            WrittenAt = long.Parse(writtenAt, CultureInfo.InvariantCulture),
            EventId = eventId,
            Call = new(long.Parse(instance, CultureInfo.InvariantCulture), message),
            Kind = Enum.Parse<CallEventKind>(kind),
            Status = status,
            Handler = handler,
            Attempt = int.Parse(attempt, CultureInfo.InvariantCulture),
            Version = int.Parse(version, CultureInfo.InvariantCulture),
            Outcome = Enum.Parse<CallOutcome>(outcome),
            Result = Enum.Parse<EffectResult>(result),
            HasName = bool.Parse(hasName),
        };
    }

    /// <summary>Formats the line. It ends with a separator, so that a truncated line can be recognized.</summary>
    public string Format() => string.Join(
        Separator,
        [FormatNumber(RunNumber), FormatNumber(WrittenAt), EventId, FormatNumber(Call.IdInstance), Call.IdMessage, $"{Kind}", Status, Handler, FormatNumber(Attempt), FormatNumber(Version), $"{Outcome}", $"{Result}", $"{HasName}", ""]);

    private static string FormatNumber(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How an attempt ended, as the handler recorded it.</summary>
internal enum EffectResult
{
    Done = 0,

    /// <summary>The attempt failed and is retried.</summary>
    Failed,

    /// <summary>The handler rejected the event: a dead letter.</summary>
    Rejected,

    /// <summary>The attempt ended its process, or did not return before its timeout: a fault that was injected into the handler. It counts as failed.</summary>
    Interrupted,
}
