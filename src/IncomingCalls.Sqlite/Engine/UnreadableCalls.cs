using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>
/// The calls whose stored state cannot be read. They are skipped, so that they do not block other calls, and each is logged once per start. Used on
/// the writer's thread only.
/// </summary>
internal sealed class UnreadableCalls(string path, ILogger logger)
{
    private readonly HashSet<CallKey> _keys = [];

    /// <summary>The number of calls, by which a query for due work must find more, because it finds them again every time.</summary>
    public int Count => _keys.Count;

    public void Report(UnreadableCallException e)
    {
        if (_keys.Add(e.Key))
        {
            logger.CallUnreadable(path, e.Message);
        }
    }
}
