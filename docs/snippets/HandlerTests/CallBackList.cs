using System.Collections.Concurrent;
using IncomingCalls;

namespace HandlerTests;

#region handler
public sealed class CallBackList : ICallEventHandler
{
    public ConcurrentDictionary<CallKey, string> Missed { get; } = new();

    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        if (callEvent.Kind is CallEventKind.Missed or CallEventKind.Dropped)
        {
            Missed[callEvent.Call.Key] = callEvent.Caller.DisplayName;
        }

        return ValueTask.CompletedTask;
    }
}
#endregion
