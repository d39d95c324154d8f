namespace CallDesk.Store;

/// <summary>
/// Lets in as many writers as the database has room for. SQLite lets them in one by one too, but whoever finds it busy sleeps for 150 ms;
/// an operator sees that.
/// </summary>
internal sealed class WriterLimiter(int writers) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(writers, writers);

    /// <summary>Waits for one's turn, which ends with the disposal of the result.</summary>
    public async ValueTask<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        return new Permit(_gate);
    }

    public void Dispose() => _gate.Dispose();

    private sealed class Permit(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
