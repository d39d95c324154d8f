namespace CallDesk.Api;

internal static class SecurityHeaders
{
    /// <summary>Lets the page load nothing but its own files, and nobody else frame it: it shows phone numbers.</summary>
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
    /// <summary>A page of somebody else's must not press our buttons. Browsers say where a request comes from; curl need not.</summary>
    public static RouteGroupBuilder RequireSameOrigin(this RouteGroupBuilder group) => group.AddEndpointFilter(async (context, next) =>
        context.HttpContext.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            ? await next(context)
            : Results.StatusCode(StatusCodes.Status403Forbidden));
}
