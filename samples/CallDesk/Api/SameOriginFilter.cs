namespace CallDesk.Api;

internal static class SameOriginFilter
{
    /// <summary>A page of somebody else's must not press our buttons. Browsers say where a request comes from; curl need not.</summary>
    public static RouteGroupBuilder RequireSameOrigin(this RouteGroupBuilder group) => group.AddEndpointFilter(async (context, next) =>
        context.HttpContext.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            ? await next(context)
            : Results.StatusCode(StatusCodes.Status403Forbidden));
}
