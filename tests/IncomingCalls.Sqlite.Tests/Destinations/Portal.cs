using System.Collections.Concurrent;

namespace IncomingCalls.Sqlite.Tests.Destinations;

/// <summary>A destination that tests control.</summary>
internal sealed class Portal
{
    private int _attempts;

    /// <summary>The number of attempts that have started.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>The events that the portal has accepted.</summary>
    public ConcurrentQueue<CallEvent> Handled { get; } = [];

    /// <summary>The answer to an event.</summary>
    public Func<CallEvent, CancellationToken, Task> OnEvent { get; set; } = static (_, _) => Task.CompletedTask;

    public async Task HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var answer = OnEvent;
        Interlocked.Increment(ref _attempts);
        await answer(callEvent, cancellationToken);
        Handled.Enqueue(callEvent);
    }
}

internal sealed class PortalHandler(Portal portal) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => await portal.HandleAsync(callEvent, cancellationToken);
}
