namespace IncomingCalls;

/// <summary>
/// A token that is signalled after a time, or with another token. One source rather than two linked ones: every attempt of every
/// handler has one.
/// </summary>
internal sealed class LinkedTimeout : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;

    public LinkedTimeout(TimeSpan limit, TimeProvider time, CancellationToken other)
    {
        _source = new(limit, time);
        _registration = other.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        // First, so that nobody cancels what is disposed.
        _registration.Dispose();
        _source.Dispose();
    }
}
