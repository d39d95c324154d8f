namespace IncomingCalls.Cli.Tests.Output;

/// <summary>A keyboard that nobody touches: who reads from it stands still until it is disposed of.</summary>
internal sealed class BlockingReader : TextReader
{
    private readonly TaskCompletionSource _readStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _disposed = new();

    /// <summary>Completes when somebody reads.</summary>
    public Task ReadStarted => _readStarted.Task;

    public override string? ReadLine()
    {
        _readStarted.TrySetResult();
        _disposed.Wait();
        return null;
    }

    public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) => new(ReadLine());

    protected override void Dispose(bool disposing)
    {
        _disposed.Set();
        base.Dispose(disposing);
    }
}
