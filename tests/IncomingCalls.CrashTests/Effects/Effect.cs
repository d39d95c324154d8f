using System.Globalization;

namespace IncomingCalls.CrashTests;

/// <summary>What a handler wrote down in one attempt: a line of an effects file.</summary>
internal sealed record Effect
{
    private const char Separator = '\t';

    /// <summary>The number of the process that ran it.</summary>
    public required int RunNumber { get; init; }

    /// <summary>When it was written: a timestamp of the machine, which all its processes share.</summary>
    public required long WrittenAt { get; init; }

    public required string EventId { get; init; }

    public required CallKey Call { get; init; }

    public required CallEventKind Kind { get; init; }

    /// <summary>The text of the status in lower case; empty where the notification had none, or there was none.</summary>
    public required string Status { get; init; }

    public required string Handler { get; init; }

    public required int Attempt { get; init; }

    /// <summary>The call's version when the attempt began.</summary>
    public required int Version { get; init; }

    /// <summary>The call's outcome when the attempt began.</summary>
    public required CallOutcome Outcome { get; init; }

    public required EffectResult Result { get; init; }

    public static Effect FromEvent(CallEvent callEvent, string handler, int life, long at, EffectResult end) => new()
    {
        RunNumber = life,
        WrittenAt = at,
        EventId = callEvent.Id,
        Call = callEvent.Call.Key,
        Kind = callEvent.Kind,
        Status = callEvent.Notification?.RawStatus?.ToLowerInvariant() ?? "",
        Handler = handler,
        Attempt = callEvent.Attempt,
        Version = callEvent.Call.Version,
        Outcome = callEvent.Call.Outcome,
        Result = end,
    };

    /// <summary>A line read back; null for one that a kill cut short.</summary>
    public static Effect? Parse(string line)
    {
        if (line.Split(Separator) is not [var life, var at, var eventId, var instance, var message, var kind, var status, var handler, var attempt, var version, var outcome, var end, ""])
        {
            return null;
        }

        return new()
        {
            RunNumber = int.Parse(life, CultureInfo.InvariantCulture),
            WrittenAt = long.Parse(at, CultureInfo.InvariantCulture),
            EventId = eventId,
            Call = new(long.Parse(instance, CultureInfo.InvariantCulture), message),
            Kind = Enum.Parse<CallEventKind>(kind),
            Status = status,
            Handler = handler,
            Attempt = int.Parse(attempt, CultureInfo.InvariantCulture),
            Version = int.Parse(version, CultureInfo.InvariantCulture),
            Outcome = Enum.Parse<CallOutcome>(outcome),
            Result = Enum.Parse<EffectResult>(end),
        };
    }

    /// <summary>The line. It ends with a separator, so that a shorter one can be told.</summary>
    public string Format() => string.Join(
        Separator,
        [FormatNumber(RunNumber), FormatNumber(WrittenAt), EventId, FormatNumber(Call.IdInstance), Call.IdMessage, $"{Kind}", Status, Handler, FormatNumber(Attempt), FormatNumber(Version), $"{Outcome}", $"{Result}", ""]);

    private static string FormatNumber(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a handler did in an attempt, by its own account.</summary>
internal enum EffectResult
{
    Done = 0,

    /// <summary>It failed, and is to be tried again.</summary>
    Failed,

    /// <summary>It refused: a dead letter.</summary>
    Rejected,
}
