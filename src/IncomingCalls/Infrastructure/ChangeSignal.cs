using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Infrastructure;

/// <summary>Provides change tokens. Each token is signalled once, by the next call of <see cref="Signal"/>.</summary>
internal sealed class ChangeSignal
{
    private volatile Generation _generation = new();

    public IChangeToken Token => _generation.Token;

    public void Signal()
    {
        var previous = _generation;
        _generation = new();
        previous.Signal();
    }

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
