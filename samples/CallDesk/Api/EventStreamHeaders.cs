namespace CallDesk.Api;

internal static class EventStreamHeaders
{
    /// <summary>
    /// Lets the events of a stream through proxies at once. nginx buffers responses unless they forbid it with X-Accel-Buffering, and <c>no-transform</c>
    /// forbids proxies to compress them, which holds them back too.
    /// </summary>
    public static RouteHandlerBuilder WithoutBuffering(this RouteHandlerBuilder stream) => stream.AddEndpointFilter((context, next) =>
    {
        var response = context.HttpContext.Response;
        // When the response starts, because the result sets a Cache-Control of its own.
        response.OnStarting(() =>
        {
            response.Headers["X-Accel-Buffering"] = "no";
            response.Headers.CacheControl = "no-cache, no-transform";
            return Task.CompletedTask;
        });
        return next(context);
    });
}
