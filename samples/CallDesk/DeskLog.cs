namespace CallDesk;

internal static partial class DeskLog
{
    [LoggerMessage(1, LogLevel.Warning, "Nothing is configured, so no call can arrive. Write an instance to GreenApi:Instances:0 or a token to IncomingCalls:Webhook:Tokens:0, or remove CallDesk:Demo to start in demo mode.")]
    public static partial void NothingConfigured(this ILogger logger);
}
