using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls;

/// <summary>Hands out change tokens that are signalled once each.</summary>
internal sealed class CallInstancesWatch
{
    private volatile Round _round = new();

    public IChangeToken Token => _round.Token;

    public void Signal()
    {
        var over = _round;
        _round = new();
        over.Signal();
    }

    /// <summary>One change to come.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "Somebody may be about to register with the token, so the source is never disposed; without a timer it holds only memory.")]
    private sealed class Round
    {
        private readonly CancellationTokenSource _source = new();

        public Round() => Token = new CancellationChangeToken(_source.Token);

        public IChangeToken Token { get; }

        public void Signal() => _source.Cancel();
    }
}
