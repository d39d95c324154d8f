using IncomingCalls.Inboxes;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>What an engine works with.</summary>
internal sealed class InboxContext
{
    /// <summary>The full path of the inbox file.</summary>
    public required string Path { get; init; }

    public required SqliteInboxOptions Options { get; init; }

    public required InboxServices Services { get; init; }

    /// <summary>The door for what is replayed from quarantine. Asked for late, since the door itself needs the inbox.</summary>
    public required Func<ICallIntake> Intake { get; init; }

    public required StoreHealth Health { get; init; }

    public required SqliteInboxMetrics Metrics { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
