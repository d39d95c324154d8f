using IncomingCalls.GreenApi.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Callers;

/// <summary>What the requests of a <see cref="CallerRequestQueue{T}"/> are, for messages and logs.</summary>
internal sealed class CallerRequestKind
{
    public static CallerRequestKind Name { get; } = new()
    {
        Method = "getContactInfo",
        PauseEvent = "3030 (CallerNamesPaused)",
        LogPaused = static (logger, idInstance, until, failure) => logger.CallerNamesPaused(idInstance, until, failure),
    };

    public static CallerRequestKind LinkedId { get; } = new()
    {
        Method = "checkWhatsapp",
        PauseEvent = "3032 (LinkedIdLookupsPaused)",
        LogPaused = static (logger, idInstance, until, failure) => logger.LinkedIdLookupsPaused(idInstance, until, failure),
    };

    /// <summary>The method of the API.</summary>
    public required string Method { get; init; }

    /// <summary>The id and the name of the log event of a pause.</summary>
    public required string PauseEvent { get; init; }

    /// <summary>Logs that the requests of an instance are paused.</summary>
    public required Action<ILogger, long, DateTimeOffset, string> LogPaused { get; init; }
}
