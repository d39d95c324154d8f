namespace IncomingCalls.AspNetCore.Tests.Hosting;

/// <summary>What the host's own handlers were given, and what they do with it.</summary>
internal sealed class Desk
{
    private readonly Lock _gate = new();
    private readonly List<CallEvent> _events = [];
    private readonly List<string> _foreignTypes = [];

    public IReadOnlyList<CallEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public IReadOnlyList<string> ForeignTypes
    {
        get
        {
            lock (_gate)
            {
                return [.. _foreignTypes];
            }
        }
    }

    public Func<CancellationToken, Task> OnEvent { get; set; } = _ => Task.CompletedTask;

    public Func<Task> OnForeign { get; set; } = () => Task.CompletedTask;

    public void Add(CallEvent callEvent)
    {
        lock (_gate)
        {
            _events.Add(callEvent);
        }
    }

    public void Add(ForeignNotification notification)
    {
        lock (_gate)
        {
            _foreignTypes.Add(notification.Type);
        }
    }
}
