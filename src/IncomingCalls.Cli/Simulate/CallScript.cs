using System.Text;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Output;
using IncomingCalls.Testing;

namespace IncomingCalls.Cli.Simulate;

/// <summary>
/// Reads call scripts: one call per line, the caller first, then statuses and pauses, as in <c>70000000101 offer 9s pickUp</c>. A # begins a
/// comment.
/// </summary>
internal static class CallScript
{
    /// <exception cref="CommandFailedException">A line is invalid; the message contains its number.</exception>
    public static IReadOnlyList<ScriptedCall> Read(FileInfo file)
    {
        var lines = Encoding.UTF8.GetString(InputFile.ReadAllBytes(file)).Split('\n');
        List<ScriptedCall> calls = [];
        for (var i = 0; i < lines.Length; i++)
        {
            var words = lines[i].Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
            {
                calls.Add(Read(words, location: $"{file}, line {i + 1}"));
            }
        }

        return calls.Count > 0 ? calls : throw InvalidScript($"{file} contains no call. Write a line such as '70000000101 offer 9s pickUp'.");
    }

    private static ScriptedCall Read(string[] words, string location)
    {
        List<ScriptStep> steps = [];
        foreach (var word in words.AsSpan(1))
        {
            steps.Add(ScriptStep.Parse(word) ?? throw InvalidScript(
                $"{location}: '{word}' is neither a pause such as 9s nor one of {string.Join(", ", StatusText.Known)}, repeat, status:text."));
        }

        return steps.FirstOrDefault(step => !step.IsPause) switch
        {
            null => throw InvalidScript($"{location}: the call has no status. Add one, as in '{words[0]} offer 9s pickUp'."),
            { IsRepeat: true } => throw InvalidScript($"{location}: 'repeat' needs a status before it."),
            _ => new() { From = CallerText.ToChatId(words[0]), Steps = steps },
        };
    }

    private static CommandFailedException InvalidScript(string message) => new(ExitCode.Unusable, message);
}

/// <summary>One call of a script.</summary>
internal sealed class ScriptedCall
{
    public required string? From { get; init; }

    public required IReadOnlyList<ScriptStep> Steps { get; init; }

    /// <summary>Plays all steps of the call.</summary>
    /// <returns>A task that completes when the last step was played.</returns>
    public async Task PlayAsync(SimulatedInstance instance, TimeProvider time, CancellationToken cancellationToken)
    {
        var call = instance.PlaceCall(From);
        foreach (var step in Steps)
        {
            await step.PlayAsync(call, time, cancellationToken);
        }
    }
}

/// <summary>A step of a scripted call: a pause, a notification, or a duplicate of the last notification.</summary>
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
