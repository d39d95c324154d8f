namespace CallDesk.Api;

internal static class SecurityHeaders
{
    /// <summary>Restricts the page to its own files and forbids other sites to frame it, since it shows phone numbers.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    });
}

internal static class SameOriginFilter
{
    /// <summary>Rejects requests from pages of other origins. Browsers send the origin of a request in this header; other clients, such as curl, do not.</summary>
    public static RouteGroupBuilder RequireSameOrigin(this RouteGroupBuilder group) => group.AddEndpointFilter(async (context, next) =>
        context.HttpContext.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            ? await next(context)
            : Results.StatusCode(StatusCodes.Status403Forbidden));
}
