namespace CallDesk.Cluster;

internal static partial class ClusterLog
{
    [LoggerMessage(1, LogLevel.Warning, "A change could not be read, so the open pages were not shown it. They read everything again in a moment.")]
    public static partial void ChangeNotShown(this ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "This node cannot ask for changes now. It asks again, and what it misses is shown then.")]
    public static partial void ChangesUnreachable(this ILogger logger, Exception exception);
}
