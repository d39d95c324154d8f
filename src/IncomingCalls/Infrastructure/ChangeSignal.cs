using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Infrastructure;

/// <summary>Hands out change tokens that are signalled once each.</summary>
internal sealed class ChangeSignal
{
    private volatile Generation _generation = new();

    public IChangeToken Token => _generation.Token;

    public void Signal()
    {
        var over = _generation;
        _generation = new();
        over.Signal();
    }

    /// <summary>One change to come.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "Somebody may be about to register with the token, so the source is never disposed; without a timer it holds only memory.")]
    private sealed class Generation
    {
        private readonly CancellationTokenSource _source = new();

        public Generation() => Token = new CancellationChangeToken(_source.Token);

        public IChangeToken Token { get; }

        public void Signal() => _source.Cancel();
    }
}
