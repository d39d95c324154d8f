namespace IncomingCalls.Cli.Tests.Output;

/// <summary>A keyboard that nobody touches: who reads from it stands still until it is disposed of.</summary>
internal sealed class SilentReader : TextReader
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _gone = new();

    /// <summary>Completes when somebody reads.</summary>
    public Task IsAsked => _asked.Task;

    public override string? ReadLine()
    {
        _asked.TrySetResult();
        _gone.Wait();
        return null;
    }

    public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) => new(ReadLine());

    protected override void Dispose(bool disposing)
    {
        _gone.Set();
        base.Dispose(disposing);
    }
}
