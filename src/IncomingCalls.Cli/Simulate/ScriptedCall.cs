using IncomingCalls.Testing;

namespace IncomingCalls.Cli;

/// <summary>One call of a script.</summary>
internal sealed class ScriptedCall
{
    public required string? From { get; init; }

    public required IReadOnlyList<ScriptStep> Steps { get; init; }

    /// <summary>Plays it to the end.</summary>
    public async Task PlayAsync(SimulatedInstance instance, TimeProvider time, CancellationToken cancellationToken)
    {
        var call = instance.PlaceCall(From);
        foreach (var step in Steps)
        {
            await step.PlayAsync(call, time, cancellationToken);
        }
    }
}
