using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Shared;

/// <summary>Provides change tokens. Each token is signalled once, by the next call of <see cref="Signal"/>. Thread-safe.</summary>
internal sealed class ChangeSignal
{
    private Generation _generation = new();

    public IChangeToken Token => Volatile.Read(ref _generation).Token;

    // Exchanged, so that two callers at once cannot replace a generation that neither of them signals.
    public void Signal() => Interlocked.Exchange(ref _generation, new()).Signal();

    /// <summary>The token of the next change, with its source.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "The source is never disposed, because a consumer may still register with the token. Without a timer it holds only memory.")]
    private sealed class Generation
    {
        private readonly CancellationTokenSource _source = new();

        public Generation() => Token = new CancellationChangeToken(_source.Token);

        public IChangeToken Token { get; }

        public void Signal() => _source.Cancel();
    }
}
