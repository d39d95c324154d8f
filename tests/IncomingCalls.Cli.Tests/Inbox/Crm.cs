using System.Collections.Concurrent;

namespace IncomingCalls.Cli.Tests.Inbox;

/// <summary>Takes nothing while it is down.</summary>
internal sealed class Crm : ICallEventHandler
{
    public bool IsUp { get; set; }

    public ConcurrentQueue<string> Events { get; } = new();

    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        if (!IsUp)
        {
            throw new CallEventRejectedException($"The CRM knows no {callEvent.Caller.ChatId!.Value.Value}.");
        }

        Events.Enqueue(callEvent.Id);
        return default;
    }
}
