using IncomingCalls.Testing;

namespace IncomingCalls.Cli;

/// <summary>What happens next to a call of a script: a pause, a notification, or the last one again.</summary>
internal sealed class ScriptStep
{
    private const string RawStatusPrefix = "status:";

    private TimeSpan? Pause { get; init; }

    private string? Status { get; init; }

    public bool IsPause => Pause is not null;

    public bool IsRepeat { get; private init; }

    public static ScriptStep? Parse(string word) =>
        DurationText.TryParse(word, out var pause) ? new() { Pause = pause }
        : word.Equals("repeat", StringComparison.OrdinalIgnoreCase) ? new() { IsRepeat = true }
        : word.StartsWith(RawStatusPrefix, StringComparison.OrdinalIgnoreCase) ? new() { Status = word[RawStatusPrefix.Length..] }
        : StatusText.Known.Contains(word, StringComparer.OrdinalIgnoreCase) ? new() { Status = StatusText.ToWire(word) }
        : null;

    public Task PlayAsync(SimulatedCall call, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Pause is { } pause)
        {
            return Task.Delay(pause, time, cancellationToken);
        }

        _ = IsRepeat ? call.Repeat() : call.Send(Status);
        return Task.CompletedTask;
    }
}
