using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;

namespace IncomingCalls.Callers;

/// <summary>
/// The circuit breaker of one resolver for one instance. A failure opens the circuit: the resolver is skipped for a time that doubles with
/// each further failure. Then one lookup, the probe, is let through; its success closes the circuit. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The sources are never disposed, because a resolver may still use the token. Without a timer they hold only memory.")]
internal sealed class CallerNameCircuit(TimeProvider time)
{
    private static readonly TimeSpan InitialPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Backoff _backoff = new(InitialPause, MaxPause);
    private CancellationTokenSource _opened = new();
    private bool _isOpen;
    private long _openedAt;
    private TimeSpan _pause;
    private CircuitPass? _probe;

    /// <summary>Whether the resolver is skipped.</summary>
    public bool IsPaused
    {
        get
        {
            lock (_gate)
            {
                return IsPausedCore();
            }
        }
    }

    /// <summary>Enters the circuit in order to call the resolver. Every pass is ended with one of the other methods.</summary>
    /// <returns>The pass; null when the resolver is to be skipped.</returns>
    public CircuitPass? TryEnter()
    {
        lock (_gate)
        {
            if (IsPausedCore())
            {
                return null;
            }

            var pass = new CircuitPass(_opened.Token);
            _probe = _isOpen ? pass : null;
            return pass;
        }
    }

    /// <summary>Closes the circuit: the resolver has answered.</summary>
    public void Close(CircuitPass pass)
    {
        lock (_gate)
        {
            if (IsCurrent(pass))
            {
                _isOpen = false;
                _probe = null;
                _backoff.Reset();
            }
        }
    }

    /// <summary>Ends a pass that shows neither that the resolver works nor that it fails. The next lookup is the probe.</summary>
    public void Leave(CircuitPass pass)
    {
        lock (_gate)
        {
            _probe = _probe == pass ? null : _probe;
        }
    }

    /// <summary>Opens the circuit: the resolver has failed. Ends the other lookups that are waiting for the resolver.</summary>
    /// <returns>The duration of the pause that begins; null if a failure of another lookup has begun it already.</returns>
    public TimeSpan? Open(CircuitPass pass)
    {
        CancellationTokenSource opened;
        TimeSpan pause;
        lock (_gate)
        {
            if (!IsCurrent(pass))
            {
                return null;
            }

            opened = _opened;
            _opened = new();
            _isOpen = true;
            _openedAt = time.GetTimestamp();
            _pause = pause = _backoff.Next();
            _probe = null;
        }

        // Asynchronously, because it calls code of the resolver that has registered with the token.
        _ = opened.CancelAsync();
        return pause;
    }

    /// <summary>Whether the circuit has not been opened since the pass was issued.</summary>
    private bool IsCurrent(CircuitPass pass) => pass.Opened == _opened.Token;

    private bool IsPausedCore() => _isOpen && (_probe is not null || time.GetElapsedTime(_openedAt) < _pause);
}

/// <summary>The permission to call a resolver once.</summary>
internal sealed class CircuitPass(CancellationToken opened)
{
    /// <summary>Cancelled when the circuit opens because another call has failed.</summary>
    public CancellationToken Opened => opened;
}

/// <summary>The circuits of all resolvers and instances.</summary>
internal sealed class CallerNameCircuits(TimeProvider time)
{
    /// <summary>5,000 instances with two resolvers of the host: four circuits each. An evicted circuit is closed when it is used again.</summary>
    private const int Capacity = 20_000;

    /// <summary>Longer than the longest pause, so that an instance with few calls does not lose its pause.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ExpiringCache<(long, int), CallerNameCircuit> _circuits = new(time, () => Capacity);

    /// <summary>Gets the circuit of a resolver.</summary>
    /// <param name="idInstance">The instance.</param>
    /// <param name="position">The position of the resolver in the <see cref="CallerNameChain"/>.</param>
    public CallerNameCircuit GetOrAdd(long idInstance, int position) =>
        _circuits.GetOrRenew((idInstance, position), _ => new(time), Lifetime);

    public bool IsPaused(long idInstance, int position) =>
        _circuits.TryGet((idInstance, position), out var circuit) && circuit.IsPaused;
}
