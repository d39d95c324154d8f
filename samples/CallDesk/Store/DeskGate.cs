namespace CallDesk.Store;

/// <summary>
/// Lets writers in one by one. SQLite does so too, but whoever finds it busy sleeps for 150 ms; an operator sees that.
/// </summary>
internal sealed class DeskGate : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Waits for one's turn, which ends with the disposal of the result.</summary>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        return new Turn(_gate);
    }

    public void Dispose() => _gate.Dispose();

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
